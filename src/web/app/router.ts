/** The routes of the page, and the address bar as a signal. */
import { batch, type ReadonlySignal, signal } from '@preact/signals'
import { type RunId, runIdPattern } from '../../shared/run.ts'

export type Route =
  | { readonly kind: 'new-run' }
  | { readonly kind: 'runs' }
  | { readonly kind: 'search' }
  | { readonly kind: 'run'; readonly id: RunId; readonly lines: LinkedLines | null }
  | { readonly kind: 'hosts' }
  | { readonly kind: 'saved' }
  | { readonly kind: 'alerts' }
  | { readonly kind: 'host'; readonly name: string }
  | { readonly kind: 'settings'; readonly part: SettingsPart }
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'not-found' }

export const settingsParts = ['appearance', 'keyboard', 'language', 'retention', 'about'] as const
export type SettingsPart = (typeof settingsParts)[number]

/** The line that a link names, and the last one when it names a range. */
interface LinkedLines {
  readonly line: number
  readonly until: number | null
}

export interface Router {
  readonly route: ReadonlySignal<Route>
  /** What stands behind the path: empty, or from its question mark on. */
  readonly query: ReadonlySignal<string>
  go(path: string): void
  /** Changes the query only; with a step in the history, or without one. */
  ask(query: string, step: 'step' | 'no-step'): void
  /** Changes the fragment only, without a step in the history. */
  mark(fragment: string): void
}

export function parseRoute(path: string, fragment: string): Route {
  const [, first = '', second = null] = /^\/([a-z-]*)(?:\/([^/]+))?$/.exec(path) ?? [path, 'none']
  const plain = second === null ? plainRoutes.get(first) : undefined
  if (plain !== undefined) return plain
  if (first === 'settings') return settingsRoute(second ?? settingsParts[0])
  if (first === 'hosts' && second !== null) return hostRoute(second)
  if (first === 'runs' && second !== null) return runRoute(second, fragment)
  return { kind: 'not-found' }
}

const plainRoutes: ReadonlyMap<string, Route> = new Map([
  ['', { kind: 'new-run' }],
  ['runs', { kind: 'runs' }],
  ['search', { kind: 'search' }],
  ['hosts', { kind: 'hosts' }],
  ['saved', { kind: 'saved' }],
  ['alerts', { kind: 'alerts' }],
  ['sign-in', { kind: 'sign-in' }],
])

function settingsRoute(name: string): Route {
  const part = settingsParts.find((known) => known === name)
  return part === undefined ? { kind: 'not-found' } : { kind: 'settings', part }
}

function hostRoute(encoded: string): Route {
  try {
    return { kind: 'host', name: decodeURIComponent(encoded) }
  } catch {
    return { kind: 'not-found' }
  }
}

function runRoute(id: string, fragment: string): Route {
  if (!runIdPattern.test(id)) return { kind: 'not-found' }
  const [, line, until] = /^#L([0-9]{1,15})(?:-L([0-9]{1,15}))?$/.exec(fragment) ?? []
  const lines =
    line === undefined
      ? null
      : { line: Number(line), until: until === undefined ? null : Number(until) }
  return { kind: 'run', id, lines }
}

export function createRouter(): Router {
  const current = (): Route => parseRoute(location.pathname, location.hash)
  const route = signal(current())
  const query = signal(location.search)
  const update = (): void => {
    batch(() => {
      route.value = current()
      query.value = location.search
    })
  }
  addEventListener('popstate', update)
  document.addEventListener('click', (event) => {
    const path = pathOf(event)
    if (path === null) return
    event.preventDefault()
    go(path)
  })
  function go(path: string): void {
    if (path !== location.pathname + location.search + location.hash)
      history.pushState(null, '', path)
    update()
  }
  function ask(next: string, step: 'step' | 'no-step'): void {
    if (next === location.search) return
    const path = location.pathname + next + location.hash
    if (step === 'step') history.pushState(null, '', path)
    else history.replaceState(null, '', path)
    query.value = next
  }
  function mark(fragment: string): void {
    history.replaceState(null, '', location.pathname + location.search + fragment)
  }
  return { route, query, go, ask, mark }
}

/** The path of a plain click on a link of our own; anything else belongs to the browser. */
function pathOf(event: MouseEvent): string | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
    return null
  }
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (link === null || link.target !== '' || link.hasAttribute('download')) return null
  if (link.origin !== location.origin || link.pathname.startsWith('/api/')) return null
  return link.pathname + link.search + link.hash
}
