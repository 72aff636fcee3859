/** Hosts that cannot be reached while their command goes on, over the log: since when, and what is done about it. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { Catalog } from '../../i18n/en.ts'
import { text } from '../../i18n/text.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { type AwayHosts, type AwayKind, awayHosts, awayMs, namesOf } from './away-hosts.ts'
import type { RunModel } from './run-model.ts'
import './connection-bar.css'

export function AwayBars({ model }: { readonly model: RunModel }): VNode | null {
  const run = model.run.value
  if (run === null || run.state === 'ended') return null
  const { now } = model.figures.value
  return (
    <>
      {awayHosts(run).map((hosts) => (
        <AwayBar key={hosts.kind} hosts={hosts} now={now} />
      ))}
    </>
  )
}

function AwayBar({ hosts, now }: { readonly hosts: AwayHosts; readonly now: number }): VNode {
  const t = text.value
  const names = displayText(namesOf(hosts.tasks))
  const ms = awayMs(hosts.tasks, now)
  return (
    <div class="connection-bar tone-warn" role="status">
      <Icon name={icons[hosts.kind]} />
      <p>
        <b>{names}</b>
        {/* The seconds must not be read aloud each second. */}
        <span class="hidden-visually">{sentence(hosts, null, t)}</span>
        <span aria-hidden="true">{sentence(hosts, ms === null ? null : t.away(ms), t)}</span>
      </p>
    </div>
  )
}

const icons: Readonly<Record<AwayKind, IconName>> = {
  reconnecting: 'refresh',
  refused: 'key',
  stopping: 'stopped',
}

function sentence({ kind, tasks }: AwayHosts, ago: string | null, t: Catalog): string {
  switch (kind) {
    case 'reconnecting':
      return t.awayReconnecting(ago)
    case 'stopping':
      return t.awayStopping(ago)
    case 'refused': {
      const [{ code, message } = { code: null, message: null }] = tasks
      const known = code === null ? undefined : t.errorTexts[code]
      return t.awayRefused(known ?? displayText(message ?? ''))
    }
  }
}
