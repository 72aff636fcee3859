/** Panes of hosts beside each other: which ones, and on which of them the keys act. */
import {
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from '@preact/signals'
import type { AppModel } from '../../app/app-model.ts'
import { finder } from '../find/finder-slot.ts'
import type { RunModel } from '../runs/run-model.ts'
import { rulesOf } from '../runs/view-state.ts'
import { setLogView } from '../viewer/log-commands.ts'
import type { LogView } from '../viewer/log-view.ts'
import { HostPaneModel } from './host-pane-model.ts'
import { choosePane, fillPanes, paneCount, shownTasks, turnPanes } from './host-panes.ts'

export class ByHostModel {
  readonly run: RunModel
  /** Tasks of the hosts that the filters leave. */
  readonly shown: ReadonlySignal<readonly number[]>
  readonly panes: ReadonlySignal<readonly HostPaneModel[]>
  /** The pane on which the keys act. */
  readonly active: ReadonlySignal<HostPaneModel | null>
  readonly #panes: Signal<readonly HostPaneModel[]> = signal([])
  readonly #widthPx: Signal<number> = signal(0)
  readonly #chosen: Signal<readonly number[]> = signal([])
  readonly #touched: Signal<number | null> = signal(null)
  readonly #stops: readonly (() => void)[]

  constructor(app: AppModel, run: RunModel) {
    this.run = run
    this.panes = this.#panes
    this.shown = computed(() =>
      shownTasks(run.run.value?.tasks ?? [], rulesOf(app.view.state.value)),
    )
    const wanted = computed(() =>
      this.#widthPx.value === 0
        ? []
        : fillPanes(this.#chosen.value, this.shown.value, paneCount(this.#widthPx.value)),
    )
    this.active = computed(() => {
      const panes = this.#panes.value
      return panes.find(({ task }) => task === this.#touched.value) ?? panes[0] ?? null
    })
    this.#stops = [
      effect(() => {
        const tasks = wanted.value
        untracked(() => this.#open(app, tasks))
      }),
      effect(() => setLogView(this.active.value?.view ?? null)),
      // What is copied, selected by keys and looked up in the inspector is of the active pane.
      effect(() => {
        const own = this.active.value?.lines.value
        if (own !== undefined && run.lines.value !== own) run.lines.value = own
      }),
      effect(() => {
        const seen = this.active.value?.seen.value
        if (seen !== undefined) run.seen.value = seen
      }),
    ]
  }

  set widthPx(px: number) {
    this.#widthPx.value = px
  }

  /** Somebody works in this pane. */
  touch({ task }: HostPaneModel): void {
    this.#touched.value = task
  }

  /** The pane is on the page now, or no longer. */
  setView(pane: HostPaneModel, view: LogView | null): void {
    pane.view = view
    if (this.active.peek() === pane) setLogView(view)
  }

  choose(at: number, task: number): void {
    this.#chosen.value = choosePane(this.#tasks(), at, task)
  }

  turn(step: 1 | -1): void {
    this.#chosen.value = turnPanes(this.#tasks(), this.shown.peek(), step)
  }

  close(): void {
    for (const stop of this.#stops) stop()
    for (const pane of this.#panes.peek()) pane.close()
    this.run.lines.value = finder.peek()?.filtered.peek() ?? this.run.whole
  }

  #tasks(): readonly number[] {
    return this.#panes.peek().map(({ task }) => task)
  }

  /** A pane that stays keeps its place and its lines. */
  #open(app: AppModel, tasks: readonly number[]): void {
    const before = this.#panes.peek()
    if (String(before.map(({ task }) => task)) === String(tasks)) return
    const next = tasks.map((task) => {
      const known = before.find((pane) => pane.task === task)
      return known ?? new HostPaneModel(app, this.run, task)
    })
    for (const pane of before) if (!next.includes(pane)) pane.close()
    this.#panes.value = next
  }
}
