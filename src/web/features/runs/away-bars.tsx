/** Hosts that cannot be reached while their command goes on, over the log: since when, and what is done about it. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { Run } from '../../../shared/run.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { refusalWords } from '../../i18n/refusal-words.ts'
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
        <AwayBar key={hosts.kind} run={run} hosts={hosts} now={now} />
      ))}
    </>
  )
}

interface AwayBarProps {
  readonly run: Run
  readonly hosts: AwayHosts
  readonly now: number
}

function AwayBar({ run, hosts, now }: AwayBarProps): VNode {
  const t = text.value
  const names = displayText(namesOf(hosts.tasks))
  const ms = awayMs(hosts.tasks, now)
  const say = (ago: string | null): string => sentence(hosts, { run, ago })
  return (
    <div class="connection-bar tone-warn" role="status">
      <Icon name={icons[hosts.kind]} />
      <p>
        <b>{names}</b>
        {/* The seconds must not be read aloud each second. */}
        <span class="hidden-visually">{say(null)}</span>
        <span aria-hidden="true">{say(ms === null ? null : t.away(ms))}</span>
      </p>
    </div>
  )
}

const icons: Readonly<Record<AwayKind, IconName>> = {
  reconnecting: 'refresh',
  refused: 'key',
  stopping: 'stopped',
}

/** `ago` null: since when is not said. */
interface Said {
  readonly run: Run
  readonly ago: string | null
}

function sentence({ kind, tasks }: AwayHosts, { run, ago }: Said): string {
  switch (kind) {
    case 'reconnecting':
      return run.source.kind === 'command'
        ? pageTexts.value.awayReconnecting(ago)
        : pageTexts.value.awayFollowing(ago)
    case 'stopping':
      return pageTexts.value.awayStopping(ago)
    case 'refused': {
      const [{ code, message } = { code: null, message: null }] = tasks
      return pageTexts.value.awayRefused(refusalWords({ code, message: message ?? '' }).sentence)
    }
  }
}
