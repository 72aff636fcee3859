/** Every host of the run: state, exit code or signal, and why it failed. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { Run, Task } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import type { Catalog } from '../../i18n/en.ts'
import { formatBytes, formatCount } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { findCommands, hiddenHosts } from '../find/find-commands.ts'
import { hostColor } from '../viewer/log-row.ts'
import { awayMs } from './away-hosts.ts'
import { RateCurve } from './rate-curve.tsx'
import type { RunModel } from './run-model.ts'
import { stateWord } from './state-word.ts'
import { countStates, stateWords } from './task-counts.ts'
import { taskTone } from './tones.ts'
import { isOnlyHost } from './view-state.ts'

export function HostsTab({ model }: { readonly model: RunModel }): VNode | null {
  const run = model.run.value
  if (run === null) return null
  return (
    <>
      <StateBar run={run} />
      <ul class="hosts">
        {run.tasks.map((task) => (
          <Host
            key={task.id}
            run={run}
            task={task}
            rate={model.figures.value.taskRates.get(task.id) ?? 0}
            history={task.state === 'running' ? model.figures.value.historyOf(task.id) : []}
            now={model.figures.value.now}
          />
        ))}
      </ul>
    </>
  )
}

interface HostProps {
  readonly run: Run
  readonly task: Task
  /** Lines per second. */
  readonly rate: number
  /** Lines by interval of the last minute, see `RateHistory`. */
  readonly history: readonly number[]
  readonly now: number
}

function Host({ run, task, rate, history, now }: HostProps): VNode {
  const t = text.value
  const app = useApp()
  const { view } = app
  const tone = taskTone(task, run)
  const isOne = run.tasks.length === 1
  const isHidden = hiddenHosts(view.state.value, [task.host]).length > 0
  return (
    <li class={`host${isHidden ? ' hidden' : ''}`}>
      <span class={`host-gutter host-${hostColor(task.id)}`} />
      <span class="host-name">
        <b>
          {isOne ? (
            displayText(task.host)
          ) : (
            <button
              type="button"
              class="host-only"
              title={t.onlyThisHost}
              aria-pressed={isOnlyHost(view.state.value, task.host)}
              onClick={() => findCommands.onlyHost(app, task.host)}
            >
              {displayText(task.host)}
            </button>
          )}
        </b>
        <span class="host-more">
          <span class="mono">{figureOf({ task, rate, now }, t)}</span>
          {task.mode !== run.mode && (
            <span class="host-mode" title={t.modeHints[task.mode]}>
              {t.modeShort[task.mode]}
            </span>
          )}
        </span>
      </span>
      <span class={`host-state host-${hostColor(task.id)} tone-${tone}`}>
        <RateCurve rates={history} />
        <span class={task.state === 'ended' ? 'mono' : ''}>{stateWord(task, t)}</span>
        <span class={`dot tone-${tone}`} />
      </span>
      {!isOne && (
        <button
          type="button"
          class="host-hide"
          aria-pressed={isHidden}
          aria-label={(isHidden ? t.showHost : t.hideHost)(displayText(task.host))}
          onClick={() => findCommands.toggleHost(app, task.host)}
        >
          <Icon name="eyeOff" />
        </button>
      )}
      {task.message !== null && (
        <p class={`host-message tone-${tone}`}>{displayText(task.message)}</p>
      )}
    </li>
  )
}

/** What its state makes worth knowing: how fast it writes, how long it is away, how much it wrote. */
function figureOf(
  { task, rate, now }: Pick<HostProps, 'task' | 'rate' | 'now'>,
  t: Catalog,
): string {
  if (task.state === 'running') return `${formatCount(rate)} ${t.linesPerSecond}`
  const ms = awayMs([task], now)
  return ms === null ? formatBytes(task.outBytes + task.errBytes) : t.awayFor(t.away(ms))
}

/** How many hosts are in which state: a bar, and the same in words. */
function StateBar({ run }: { readonly run: Run }): VNode {
  const t = text.value
  const parts = countStates(run)
  return (
    <div class="state-bar">
      <div class="state-parts" aria-hidden="true">
        {parts.map(({ word, tone, count }) => (
          <span key={word} class={`tone-${tone}`} style={{ flexGrow: count }} />
        ))}
      </div>
      <p>
        {parts.map(({ word, tone, count }) => (
          <span key={word} class={`state-word tone-${tone}`}>
            {stateWords(word, count, t)}
          </span>
        ))}
      </p>
    </div>
  )
}
