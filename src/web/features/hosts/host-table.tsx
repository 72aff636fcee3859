/** Hosts as rows, of which only those in sight are in the page. */
import type { VNode } from 'preact'
import { useRef } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import type { HostEntry } from '../../../shared/protocol/hosts.ts'
import { useApp } from '../../app/app-context.ts'
import { fullTime, shortTime } from '../../i18n/format.ts'
import { hostsText } from '../../i18n/hosts-text.ts'
import { useWindow } from '../fleet/use-window.ts'
import { checkStateOf, checkTones } from './host-filter.ts'
import { hostPath } from './host-path.ts'

/** As hosts.css has it. */
const rowPx = 40

export function HostTable({ hosts }: { readonly hosts: readonly HostEntry[] }): VNode {
  const { columns: c } = hostsText.value
  const body = useRef<HTMLTableSectionElement>(null)
  const { first, end } = useWindow(body, { count: hosts.length, rowPx })
  return (
    <table class="hosts-table" aria-rowcount={hosts.length + 1}>
      <thead>
        <tr aria-rowindex={1}>
          {[c.host, c.place, c.groups, c.check, c.lastRun].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        <Gap rows={first} />
        {hosts.slice(first, end).map((host, at) => (
          <Row key={host.name} host={host} at={first + at} />
        ))}
        <Gap rows={hosts.length - end} />
      </tbody>
    </table>
  )
}

/** In the place of rows that are not in the page. */
function Gap({ rows }: { readonly rows: number }): VNode | null {
  if (rows <= 0) return null
  return (
    <tr class="hosts-gap" aria-hidden="true" style={{ height: `${rows * rowPx}px` }}>
      <td>{'\u00a0'}</td>
    </tr>
  )
}

function Row({ host, at }: { readonly host: HostEntry; readonly at: number }): VNode {
  const { now, preferences } = useApp()
  const h = hostsText.value
  const { name, groups, tags, check, lastRun, note } = host
  const state = checkStateOf(check)
  const locale = preferences.locale.value
  return (
    <tr aria-rowindex={at + 2}>
      <td class="host-cell">
        <span class={`dot tone-${checkTones[state]}`} />
        <a href={hostPath(name)} title={note === null ? undefined : displayText(note)}>
          {displayText(name)}
        </a>
      </td>
      <td class="mono host-file">{placeOf(host)}</td>
      <td class="host-labels">
        {[...groups, ...tags].map((label) => (
          <span key={label} class="host-label">
            {displayText(label)}
          </span>
        ))}
      </td>
      <td
        class="host-checked"
        title={check === null ? undefined : fullTime(check.checkedAt, locale)}
      >
        <span class={`tone-${checkTones[state]}`}>{h.checkStates[state]}</span>{' '}
        {check !== null && <time>{shortTime(check.checkedAt, now.value, locale)}</time>}
      </td>
      <td>
        {lastRun !== null && (
          <a href={`/runs/${lastRun.id}`}>{shortTime(lastRun.createdAt, now.value, locale)}</a>
        )}
      </td>
    </tr>
  )
}

/** File and line, or that it was added here, and where ssh goes. */
function placeOf({ sources, destination }: HostEntry): string {
  const h = hostsText.value
  const file = sources.find((source) => source.kind !== 'added')
  if (file !== undefined) return displayText(`${file.file}:${file.line}`)
  if (sources.length === 0) return h.usedOnly
  return destination === null ? h.added : h.addedTo(displayText(destination))
}
