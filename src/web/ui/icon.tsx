/** Line icons of 16 px, drawn for this page. Decoration only: the word beside them says the same. */
import type { VNode } from 'preact'

const paths = {
  run: 'M5 3.5 12.5 8 5 12.5z',
  running: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6',
  prompt: 'M3.5 4.5 7 8l-3.5 3.5M8.5 11.5h4',
  keyboard: 'M1.75 4h12.5v8H1.75zM4.5 6.5h.01M7 6.5h.01M9.5 6.5h.01M12 6.5h.01M5 9.5h6',
  down: 'M8 2.5v8M4.5 7 8 10.5 11.5 7M3 13.5h10',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  eyeOff:
    'M2.5 2.5l11 11M6.6 6.7a2 2 0 0 0 2.8 2.8M4.5 4.6C3 5.5 2 7 1.75 8c.75 2.2 3.2 4.25 6.25 4.25 1.2 0 2.3-.3 3.2-.8M7 3.8A6 6 0 0 1 8 3.75c3.05 0 5.5 2.05 6.25 4.25-.3.9-.9 1.8-1.7 2.5',
  arrowUp: 'M4 9.75 8 5.75l4 4',
  arrowDown: 'M4 6.25l4 4 4-4',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3l3.2 3.2',
  goTo: 'M2.5 8h9M8.5 5l3 3-3 3M13.5 3.5v9',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  remove: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 9h5.8l.6-9M6.75 7v4M9.25 7v4',
  settings:
    'M2.5 4.5h5M11.5 4.5h2M9.5 2.75v3.5M2.5 8h1M7.5 8h6M5.5 6.25v3.5M2.5 11.5h6M12.5 11.5h1M10.5 9.75v3.5',
  plus: 'M8 3v10M3 8h10',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5 6.5 12 13 4.5',
  share: 'M8 9.5v-7M5 5l3-3 3 3M3 8.5v4a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1v-4',
  wrap: 'M2.5 4h11M2.5 8h8.75a2.25 2.25 0 0 1 0 4.5H8M9.5 10.5l-2 2 2 2M2.5 12.5h2',
  fold: 'M8 1.75v4M5.75 4 8 6.25 10.25 4M2.5 8h11M8 14.25v-4M5.75 12 8 9.75 10.25 12',
  clock: 'M8 2.25a5.75 5.75 0 1 0 0 11.5 5.75 5.75 0 0 0 0-11.5M8 5v3l2 1.5',
  latest: 'M8 2.5v8M4.5 7 8 10.5 11.5 7M3 13.5h10',
  hosts: 'M3 2.75h10v4.5H3zM3 8.75h10v4.5H3zM5 5h.01M5 11h.01',
  refresh: 'M13 7A5 5 0 0 0 4 4.5L2.5 6M2.5 3v3h3M3 9a5 5 0 0 0 9 2.5l1.5-1.5M13.5 13v-3h-3',
  plug: 'M6 2.5v3M10 2.5v3M4 5.5h8v2a4 4 0 0 1-8 0zM8 11.5v2',
  unplug: 'M1.5 8H5M5 4.5v7M11 4.5v7M11 8h3.5',
  gap: 'M2.5 4h11M2.5 8h3M10.5 8h3M7.5 8h1M2.5 12h11',
  warn: 'M8 2.5 14 13H2zM8 6.5v3M8 11.2v.01',
  stopped: 'M4.5 4.5h7v7h-7z',
  sun: 'M8 5.25a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5',
  screen: 'M2.5 3h11v7.5h-11zM6 13h4',
  language:
    'M8 2.25a5.75 5.75 0 1 0 0 11.5 5.75 5.75 0 0 0 0-11.5M2.5 8h11M8 2.25c-2 1.6-2.5 3.6-2.5 5.75S6 12.15 8 13.75M8 2.25c2 1.6 2.5 3.6 2.5 5.75S10 12.15 8 13.75',
  link: 'M6.75 9.25l2.5-2.5M7.5 4.5l1-1a2.8 2.8 0 0 1 4 4l-1 1M8.5 11.5l-1 1a2.8 2.8 0 0 1-4-4l1-1',
  copy: 'M5.5 5.5h7.5v8H5.5zM10.5 5.5v-3H3v8h2.5',
  key: 'M10.5 2.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8.3 7.7 2.5 13.5M4.5 11.5l1.5 1.5',
  mark: 'M4.5 2.5h7v11L8 10.5l-3.5 3z',
  eye: 'M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8M8 6.25a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01',
  download: 'M8 2.5v7M5 6.5l3 3 3-3M3 13h10',
  note: 'M3 3h10v7.5L10.5 13H3zM5.5 6h5M5.5 8.5h3',
  chevron: 'M4.5 6.5 8 10l3.5-3.5',
  panes: 'M2.5 3h11v10h-11zM8 3v10M2.5 8H8',
  up: 'M8 13.5v-8M4.5 9 8 5.5 11.5 9M3 2.5h10',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}

/** The same icon as a plain element, for the log, which is drawn without components. */
export function iconElement(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('width', '16')
  svg.setAttribute('height', '16')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(svgNamespace, 'path')
  path.setAttribute('d', paths[name])
  svg.append(path)
  return svg
}

const svgNamespace = 'http://www.w3.org/2000/svg'
