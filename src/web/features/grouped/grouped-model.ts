/** What somebody does with the groups of a run: which panes are open, in which order, and compared with what. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { FarglassApi } from '../../../client/api.ts'
import { createMask, type MaskName, maskNames } from '../../../shared/line-mask.ts'
import type { RunModel } from '../runs/run-model.ts'
import { GroupsModel } from './groups-model.ts'
import {
  changedSince,
  inOrder,
  noOrder,
  type Pane,
  type PaneKey,
  type PaneOrder,
  panesOf,
  sortedOrder,
} from './pane-order.ts'
import { createTaskTexts, type TaskTexts } from './task-texts.ts'

export class GroupedModel {
  readonly run: RunModel
  readonly groups: GroupsModel
  readonly texts: TaskTexts
  /** What of the lines does not count. */
  readonly masks: Signal<readonly MaskName[]> = signal([])
  /** In the order in which they stand. */
  readonly panes: ReadonlySignal<readonly Pane[]>
  /** Groups that do not stand where they belong, because somebody reads. */
  readonly changed: ReadonlySignal<number>
  /** What the others are compared with: the reference, unless somebody has chosen another one. */
  readonly base: ReadonlySignal<Pane | null>
  readonly reference: ReadonlySignal<Pane | null>
  /** In the order of the server. */
  readonly #known: Signal<readonly Pane[]> = signal([])
  readonly #order: Signal<PaneOrder> = signal(noOrder)
  /** The reader has touched the panes: they stay where they are. */
  #isHeld = false
  readonly #opened: Signal<ReadonlyMap<PaneKey, boolean>> = signal(new Map())
  readonly #chosen: Signal<PaneKey | null> = signal(null)
  readonly #unsubscribe: () => void

  constructor(api: Pick<FarglassApi, 'groups' | 'matching'>, run: RunModel) {
    this.run = run
    this.groups = new GroupsModel(api, run, this.masks)
    this.texts = createTaskTexts(api, run.id)
    this.panes = computed(() => inOrder(this.#known.value, this.#order.value))
    this.changed = computed(() => changedSince(this.#known.value, this.#order.value))
    this.reference = computed(() => this.#known.value.at(-1) ?? null)
    this.base = computed(() => {
      const chosen = this.#known.value.find(({ key }) => key === this.#chosen.value)
      return chosen ?? this.reference.value
    })
    this.#unsubscribe = this.groups.groups.subscribe((grouped) => {
      this.#known.value = panesOf(grouped?.groups ?? [], this.#known.peek())
      if (!this.#isHeld) this.sort()
    })
  }

  hold(): void {
    this.#isHeld = true
  }

  sort(): void {
    this.#isHeld = false
    this.#order.value = sortedOrder(this.#known.peek())
  }

  isOpen(pane: Pane): boolean {
    return this.#opened.value.get(pane.key) ?? pane === this.reference.value
  }

  toggle(pane: Pane): void {
    this.hold()
    this.#opened.value = new Map(this.#opened.value).set(pane.key, !this.isOpen(pane))
  }

  /** The same pane again: back to the reference. */
  compareWith(pane: Pane | null): void {
    this.hold()
    const key = pane?.key ?? null
    this.#chosen.value = key === this.#chosen.value ? null : key
  }

  toggleMask(name: MaskName): void {
    const masks = this.masks.peek()
    this.masks.value = maskNames.filter((one) => masks.includes(one) !== (one === name))
  }

  /** A line of a task as it is compared. */
  maskOf(masks: readonly MaskName[], task: number): (line: string) => string {
    const host = this.run.run.peek()?.tasks.find(({ id }) => id === task)?.host ?? ''
    return createMask(masks, host)
  }

  close(): void {
    this.#unsubscribe()
    this.groups.close()
  }
}
