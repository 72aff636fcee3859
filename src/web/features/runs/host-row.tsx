/** One host of a run in a list: what it does, how fast it writes or why it does not, and whether its lines are shown. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { Run, Task } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import type { Catalog } from '../../i18n/en.ts'
import { formatBytes, formatCount } from '../../i18n/format.ts'
import { refusalText } from '../../i18n/refusal-words.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { findCommands, hiddenHosts } from '../find/find-commands.ts'
import { hostColor } from '../viewer/log-row.ts'
import { awayMs } from './away-hosts.ts'
import type { Figures } from './counters.ts'
import { RateCurve } from './rate-curve.tsx'
import { stateWord } from './state-word.ts'
import { taskTone } from './tones.ts'
import { isOnlyHost } from './view-state.ts'

export interface HostRowProps {
  readonly run: Run
  readonly task: Task
  readonly figures: Figures
  /** One of many, of which only some are in the page: where it stands among them, from 0. */
  readonly place?: { readonly at: number; readonly of: number }
}

/** One of many has a fixed height: its message stands in the place of its figures. */
export function HostRow({ run, task, figures, place }: HostRowProps): VNode {
  const tone = taskTone(task, run)
  const { view } = useApp()
  const isHidden = hiddenHosts(view.state.value, [task.host]).length > 0
  const message = task.message === null ? null : refusalText({ ...task, message: task.message })
  const isOne = run.tasks.length === 1
  return (
    <li
      class={`host${isHidden ? ' hidden' : ''}`}
      aria-posinset={place && place.at + 1}
      aria-setsize={place?.of}
    >
      <span class={`host-gutter host-${hostColor(task.id)}`} />
      <span class="host-name">
        <b>{isOne ? displayText(task.host) : <OnlyThis task={task} />}</b>
        <More run={run} task={task} figures={figures} isShort={place !== undefined} />
      </span>
      <span class={`host-state host-${hostColor(task.id)} tone-${tone}`}>
        {task.state === 'running' && <RateCurve rates={figures.historyOf(task.id)} />}
        <span class={task.state === 'ended' ? 'mono' : ''}>{stateWord(task, text.value)}</span>
        <span class={`dot tone-${tone}`} />
      </span>
      {!isOne && <Hide task={task} isHidden={isHidden} />}
      {place === undefined && message !== null && (
        <p class={`host-message tone-${tone}`}>{message}</p>
      )}
    </li>
  )
}

function OnlyThis({ task }: { readonly task: Task }): VNode {
  const app = useApp()
  return (
    <button
      type="button"
      class="host-only"
      title={text.value.onlyThisHost}
      aria-pressed={isOnlyHost(app.view.state.value, task.host)}
      onClick={() => findCommands.onlyHost(app, task.host)}
    >
      {displayText(task.host)}
    </button>
  )
}

function Hide({ task, isHidden }: { readonly task: Task; readonly isHidden: boolean }): VNode {
  const app = useApp()
  const t = text.value
  return (
    <button
      type="button"
      class="host-hide"
      aria-pressed={isHidden}
      aria-label={(isHidden ? t.showHost : t.hideHost)(displayText(task.host))}
      onClick={() => findCommands.toggleHost(app, task.host)}
    >
      <Icon name="eyeOff" />
    </button>
  )
}

interface MoreProps extends HostRowProps {
  readonly isShort: boolean
}

function More({ run, task, figures, isShort }: MoreProps): VNode {
  const t = text.value
  if (isShort && task.message !== null) {
    const message = refusalText({ ...task, message: task.message })
    return (
      <span class="host-why" title={message}>
        {message}
      </span>
    )
  }
  return (
    <span class="host-more">
      <span class="mono">{figureOf(task, figures, t)}</span>
      {task.mode !== run.mode && (
        <span class="host-mode" title={t.modeHints[task.mode]}>
          {t.modeShort[task.mode]}
        </span>
      )}
    </span>
  )
}

/** What its state makes worth knowing: how fast it writes, how long it is away, how much it wrote. */
function figureOf(task: Task, { taskRates, now }: Figures, t: Catalog): string {
  if (task.state === 'running') {
    return `${formatCount(taskRates.get(task.id) ?? 0)} ${t.linesPerSecond}`
  }
  const ms = awayMs([task], now)
  return ms === null ? formatBytes(task.outBytes + task.errBytes) : t.awayFor(t.away(ms))
}
