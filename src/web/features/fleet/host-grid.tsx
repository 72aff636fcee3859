/** One small cell for each host: its state by shape, colour and word; pressed, only its lines are shown. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useRef } from 'preact/hooks'
import { type CountedState, countedState } from '../../../shared/counted-state.ts'
import { displayText } from '../../../shared/display.ts'
import type { Run, Task } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import type { AppModel } from '../../app/app-model.ts'
import { text } from '../../i18n/text.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { findCommands } from '../find/find-commands.ts'
import { stateWord } from '../runs/state-word.ts'
import { taskTone } from '../runs/tones.ts'
import { isOnlyHost } from '../runs/view-state.ts'

export interface HostGridProps {
  readonly run: Run
  readonly tasks: readonly Task[]
  readonly label: string
}

/** One stop for Tab; the arrow keys walk from there. */
export function HostGrid({ run, tasks, label }: HostGridProps): VNode {
  const app = useApp()
  const place = useSignal(0)
  const known = useRef(new Map<number, Cell>())
  const at = Math.min(place.value, tasks.length - 1)
  return (
    <div
      class="fleet-grid"
      role="toolbar"
      tabIndex={-1}
      aria-label={label}
      onKeyDown={(event) => {
        const next = walk(event.currentTarget, event.key)
        if (next === null) return
        event.preventDefault()
        event.stopPropagation()
        place.value = next
      }}
      onFocusIn={(event) => {
        if (event.target instanceof HTMLElement) place.value = Number(event.target.dataset['at'])
      }}
    >
      {tasks.map((task, index) =>
        cellOf(known.current, { app, run, task, index, isStop: index === at }),
      )}
    </div>
  )
}

interface Cell {
  readonly key: string
  readonly vnode: VNode
}

interface CellOf {
  readonly app: AppModel
  readonly run: Run
  readonly task: Task
  readonly index: number
  readonly isStop: boolean
}

/** The very node of before where nothing has changed: of 500 cells those are compared that have. */
function cellOf(known: Map<number, Cell>, { app, run, task, index, isStop }: CellOf): VNode {
  const { host, id } = task
  const isOnly = isOnlyHost(app.view.state.value, host)
  const words = `${displayText(host)}: ${stateWord(task, text.value)}`
  const state = countedState(task, run)
  const key = `${words}\n${state} ${index} ${isStop} ${isOnly}`
  const before = known.get(id)
  if (before?.key === key) return before.vnode
  const vnode = (
    <button
      key={id}
      type="button"
      class={`fleet-cell ${state} tone-${taskTone(task, run)}`}
      data-at={index}
      tabIndex={isStop ? 0 : -1}
      aria-pressed={isOnly}
      aria-label={words}
      title={words}
      onClick={() => findCommands.onlyHost(app, host)}
    >
      <Icon name={icons[state]} />
    </button>
  )
  known.set(id, { key, vnode })
  return vnode
}

const icons: Readonly<Record<CountedState, IconName>> = {
  queued: 'clock',
  connecting: 'plug',
  'needs-input': 'key',
  running: 'running',
  reconnecting: 'refresh',
  stopping: 'stopped',
  succeeded: 'check',
  stopped: 'stopped',
  failed: 'close',
  lost: 'warn',
}

/** Where the focus has gone; null when the key is none of ours. */
function walk(grid: HTMLElement, key: string): number | null {
  const cells = [...grid.querySelectorAll<HTMLElement>('.fleet-cell')]
  const at = cells.findIndex((cell) => cell === document.activeElement)
  const step = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columnsOf(cells),
    ArrowUp: -columnsOf(cells),
  }[key]
  if (at < 0 || step === undefined) return null
  const next = Math.max(0, Math.min(cells.length - 1, at + step))
  cells[next]?.focus()
  return next
}

function columnsOf(cells: readonly HTMLElement[]): number {
  const top = cells[0]?.offsetTop
  const below = cells.findIndex(({ offsetTop }) => offsetTop !== top)
  return below < 0 ? cells.length : below
}
