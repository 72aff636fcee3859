/** Name, state and figures of a run, Share and Stop. */

import type { VNode } from 'preact'
import type { Run } from '../../../shared/run.ts'
import { sourceText } from '../../../shared/source.ts'
import { useApp } from '../../app/app-context.ts'
import type { Catalog } from '../../i18n/en.ts'
import { formatCount } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { lazy } from '../../ui/lazy.tsx'
import { logCommands } from '../viewer/log-commands.ts'
import { canGiveUp, namesOf } from './away-hosts.ts'
import type { RunModel } from './run-model.ts'
import { countStates, outcomeText } from './task-counts.ts'
import { runTone } from './tones.ts'
import './run-header.css'

const ExportMenu = lazy(async () => (await import('../export/export-menu.tsx')).ExportMenu, 'later')
const RunAgain = lazy(async () => (await import('../again/run-again.tsx')).RunAgain, 'later')

export function RunHeader({ model }: { readonly model: RunModel }): VNode {
  const app = useApp()
  const run = model.run.value
  const t = text.value
  if (run === null) return <div class="run-header" aria-busy="true" />
  const isGivingUp = canGiveUp(run)
  const canStop = run.state === 'queued' || run.state === 'running' || isGivingUp
  const isOver = run.state === 'ended'
  return (
    <div class="run-header">
      <button
        type="button"
        class="icon-button run-menu"
        aria-label={t.menu}
        onClick={() => {
          app.panel.value = 'sidebar'
        }}
      >
        <Icon name="menu" />
      </button>
      <div class="run-title">
        <h1 title={sourceText(run.source)}>{sourceText(run.source)}</h1>
        <Badge run={run} />
        <Figures model={model} run={run} />
      </div>
      <button
        type="button"
        class="button"
        aria-label={t.share}
        title={t.share}
        onClick={() => {
          model.selected.value = null
          void logCommands.copyLink(app)
        }}
      >
        <Icon name="share" />
        <span class="wide-only">{t.share}</span>
      </button>
      <ExportMenu run={run} />
      {isOver ? (
        <RunAgain run={run} />
      ) : (
        <button
          type="button"
          class="button danger"
          disabled={!canStop}
          onClick={() => {
            app.panel.value = 'stop'
          }}
        >
          <span class="stop-mark" aria-hidden="true" />
          {isGivingUp ? t.giveUp : t.stop}
        </button>
      )}
    </div>
  )
}

/** The others are told by the title. */
const namesShown = 2

/** Who else reads the run now: other browsers and terminals. */
function Others({ model }: { readonly model: RunModel }): VNode | null {
  const count = model.viewers.value.count - 1
  if (count < 1) return null
  const names = model.viewers.value.names.filter((name) => name !== model.name.value)
  const words = text.value.othersWatch(count, names.slice(0, namesShown))
  return (
    <span class="run-others" title={text.value.othersWatch(count, names)}>
      <Icon name="eye" />
      <span class="wide-only">{words}</span>
      <span class="narrow-only" role="img" aria-label={words}>
        {formatCount(count)}
      </span>
    </span>
  )
}

function Badge({ run }: { readonly run: Run }): VNode {
  const t = text.value
  const tone = runTone(run)
  const asking = run.tasks.some(({ state }) => state === 'needs-input')
  const isLost = run.tasks.some(({ state }) => state === 'reconnecting')
  return (
    <span class={`badge tone-${tone}`} role="status">
      {run.state === 'ended' ? (
        <Icon name={tone === 'ok' ? 'check' : tone === 'err' ? 'close' : 'stopped'} />
      ) : asking ? (
        <Icon name="key" />
      ) : isLost ? (
        <Icon name="refresh" />
      ) : (
        <span class="dot" />
      )}
      {badgeWord(run, t)}
    </span>
  )
}

/** What wants a person, else what is not as it should be, else the state. */
function badgeWord(run: Run, t: Catalog): string {
  if (run.state === 'ended') return t.outcomes[run.outcome ?? 'lost']
  if (run.tasks.some(({ state }) => state === 'needs-input')) return t.needsInput
  if (run.paused !== null) return t.paused
  const lost = run.tasks.filter(({ state }) => state === 'reconnecting')
  return lost.length === 0 ? t.runStates[run.state] : t.reconnectingHost(namesOf(lost))
}

function Figures({ model, run }: { readonly model: RunModel; readonly run: Run }): VNode {
  const t = text.value
  const { lines, linesPerSecond, now } = model.figures.value
  const end = run.endedAt === null ? now : Date.parse(run.endedAt)
  const outcome = outcomeText(countStates(run), t)
  return (
    <span class="run-figures" title={outcome}>
      <span class="wide-only">
        {run.endedAt === null ? t.elapsed : t.took}{' '}
        <b>{t.duration(end - Date.parse(run.createdAt))}</b>
      </span>
      <span>
        <b>{formatCount(lines)}</b> {t.lines(lines)}
      </span>
      {run.tasks.length > 1 && <span class="run-outcome">{outcome}</span>}
      {run.state !== 'ended' && (
        <span class="wide-only">
          <b>{formatCount(linesPerSecond)}</b> {t.linesPerSecond}
        </span>
      )}
      {run.state !== 'ended' && <Others model={model} />}
    </span>
  )
}
