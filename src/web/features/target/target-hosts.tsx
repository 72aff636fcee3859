/** Beside a new run: the hosts that its target names, and what the last check of each has found. */
import type { VNode } from 'preact'
import { useRef } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import type { HostEntry } from '../../../shared/protocol/hosts.ts'
import { useApp } from '../../app/app-context.ts'
import { formatCount } from '../../i18n/format.ts'
import { targetText } from '../../i18n/target-text.ts'
import { useWindow } from '../fleet/use-window.ts'
import { hostPath } from '../hosts/host-path.ts'
import type { Tone } from '../runs/tones.ts'
import { hostColor } from '../viewer/log-row.ts'
import { targetPreview } from './target-preview.ts'
import '../runs/inspector.css'
import './target-hosts.css'

/** As target-hosts.css has it. */
const rowPx = 42

export function TargetHosts(): VNode | null {
  const { draft, hostList } = useApp()
  const g = targetText.value
  const preview = targetPreview.value
  const list = useRef<HTMLUListElement>(null)
  const isKnown = preview !== null && preview.expression === draft.target.value.trim()
  const hosts = isKnown ? preview.hosts : []
  const { first, end } = useWindow(list, { count: hosts.length, rowPx })
  const known = new Map(hostList.value?.hosts.map((host) => [host.name, host]))
  return (
    <aside class="target-hosts" aria-label={g.listTitle} hidden={hosts.length === 0}>
      <h2>
        {g.listTitle} <span>{formatCount(hosts.length)}</span>
      </h2>
      <div class="target-hosts-scroll" data-scrolls>
        <ul
          class="hosts"
          ref={list}
          style={{
            paddingTop: `${first * rowPx}px`,
            paddingBottom: `${(hosts.length - end) * rowPx}px`,
          }}
        >
          {hosts.slice(first, end).map((name, at) => (
            <Row key={name} name={name} at={first + at} of={hosts.length} host={known.get(name)} />
          ))}
        </ul>
      </div>
    </aside>
  )
}

interface RowProps {
  readonly name: string
  readonly at: number
  readonly of: number
  readonly host: HostEntry | undefined
}

function Row({ name, at, of, host }: RowProps): VNode {
  const { word, tone } = stateOf(host)
  return (
    <li class="host" aria-posinset={at + 1} aria-setsize={of}>
      <span class={`host-gutter host-${hostColor(at)}`} />
      <span class="host-name">
        <b>
          <a href={hostPath(name)}>{displayText(name)}</a>
        </b>
        <span class="host-more mono">{displayText(host?.destination ?? '')}</span>
      </span>
      <span class={`host-state tone-${tone}`}>
        {word}
        <span class={`dot tone-${tone}`} />
      </span>
    </li>
  )
}

function stateOf(host: HostEntry | undefined): { readonly word: string; readonly tone: Tone } {
  const g = targetText.value
  const check = host?.check ?? null
  if (check === null) return { word: g.notChecked, tone: 'off' }
  return check.ok ? { word: g.ready, tone: 'ok' } : { word: g.failedCheck, tone: 'err' }
}
