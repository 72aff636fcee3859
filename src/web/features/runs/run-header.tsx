/** Name, state and figures of a run, Share and Stop. */

import type { VNode } from 'preact'
import type { Run } from '../../../shared/run.ts'
import { sourceText } from '../../../shared/source.ts'
import { useApp } from '../../app/app-context.ts'
import { formatCount } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { logCommands } from '../viewer/log-commands.ts'
import type { RunModel } from './run-model.ts'
import { runTone } from './tones.ts'
import './run-header.css'

export function RunHeader({ model }: { readonly model: RunModel }): VNode {
  const app = useApp()
  const run = model.run.value
  const t = text.value
  if (run === null) return <div class="run-header" aria-busy="true" />
  const canStop = run.state === 'queued' || run.state === 'running'
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
        onClick={() => {
          model.selected.value = null
          void logCommands.copyLink(app)
        }}
      >
        <Icon name="share" />
        <span class="wide-only">{t.share}</span>
        <span class="hidden-visually narrow-only">{t.share}</span>
      </button>
      {isOver ? (
        <button type="button" class="button" onClick={() => void app.runAgain(run)}>
          <Icon name="refresh" />
          {t.runAgain}
        </button>
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
          {t.stop}
        </button>
      )}
    </div>
  )
}

function Badge({ run }: { readonly run: Run }): VNode {
  const t = text.value
  const tone = runTone(run)
  const asking = run.tasks.some(({ state }) => state === 'needs-input')
  const lost = run.tasks.find(({ state }) => state === 'reconnecting')
  const word =
    run.state === 'ended'
      ? t.outcomes[run.outcome ?? 'lost']
      : asking
        ? t.needsInput
        : lost === undefined
          ? t.runStates[run.state]
          : t.reconnectingHost(lost.host)
  return (
    <span class={`badge tone-${tone}`} role="status">
      {run.state === 'ended' ? (
        <Icon name={tone === 'ok' ? 'check' : tone === 'err' ? 'close' : 'stopped'} />
      ) : asking ? (
        <Icon name="key" />
      ) : (
        <span class="dot" />
      )}
      {word}
    </span>
  )
}

function Figures({ model, run }: { readonly model: RunModel; readonly run: Run }): VNode {
  const t = text.value
  const { lines, linesPerSecond, now } = model.figures.value
  const end = run.endedAt === null ? now : Date.parse(run.endedAt)
  return (
    <span class="run-figures">
      <span class="wide-only">
        {run.endedAt === null ? t.elapsed : t.took}{' '}
        <b>{t.duration(end - Date.parse(run.createdAt))}</b>
      </span>
      <span>
        <b>{formatCount(lines)}</b> {t.lines(lines)}
      </span>
      {run.state !== 'ended' && (
        <span class="wide-only">
          <b>{formatCount(linesPerSecond)}</b> {t.linesPerSecond}
        </span>
      )}
    </span>
  )
}
