/** What somebody does with the groups of a run: which panes are open, in which order, and compared with what. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { FarglassApi } from '../../../client/api.ts'
import type { TaskGroup } from '../../../shared/protocol/groups.ts'
import type { RunModel } from '../runs/run-model.ts'
import { GroupsModel } from './groups-model.ts'
import {
  changedSince,
  inOrder,
  keyOf,
  noOrder,
  type PaneKey,
  type PaneOrder,
  sortedOrder,
} from './pane-order.ts'
import { createTaskTexts, type TaskTexts } from './task-texts.ts'

export class GroupedModel {
  readonly run: RunModel
  readonly groups: GroupsModel
  readonly texts: TaskTexts
  readonly panes: ReadonlySignal<readonly TaskGroup[]>
  /** Groups that do not stand where they belong, because somebody reads. */
  readonly changed: ReadonlySignal<number>
  /** What the others are compared with: the reference, unless somebody has chosen another one. */
  readonly base: ReadonlySignal<TaskGroup | null>
  readonly reference: ReadonlySignal<TaskGroup | null>
  readonly #order: Signal<PaneOrder> = signal(noOrder)
  /** The reader has touched the panes: they stay where they are. */
  #isHeld = false
  readonly #opened: Signal<ReadonlyMap<PaneKey, boolean>> = signal(new Map())
  readonly #chosen: Signal<PaneKey | null> = signal(null)
  readonly #unsubscribe: () => void

  constructor(api: Pick<FarglassApi, 'groups' | 'matching'>, run: RunModel) {
    this.run = run
    this.groups = new GroupsModel(api, run)
    this.texts = createTaskTexts(api, run.id)
    const known = computed(() => this.groups.groups.value?.groups ?? [])
    this.panes = computed(() => inOrder(known.value, this.#order.value))
    this.changed = computed(() => changedSince(known.value, this.#order.value))
    this.reference = computed(() => known.value.at(-1) ?? null)
    this.base = computed(() => {
      const chosen = known.value.find((group) => keyOf(group) === this.#chosen.value)
      return chosen ?? this.reference.value
    })
    this.#unsubscribe = effect(() => {
      const sorted = sortedOrder(known.value)
      if (!this.#isHeld) this.#order.value = sorted
    })
  }

  hold(): void {
    this.#isHeld = true
  }

  sort(): void {
    this.#isHeld = false
    this.#order.value = sortedOrder(this.groups.groups.peek()?.groups ?? [])
  }

  isOpen(group: TaskGroup): boolean {
    return this.#opened.value.get(keyOf(group)) ?? group === this.reference.value
  }

  toggle(group: TaskGroup): void {
    this.hold()
    this.#opened.value = new Map(this.#opened.value).set(keyOf(group), !this.isOpen(group))
  }

  /** The same group again: back to the reference. */
  compareWith(group: TaskGroup | null): void {
    this.hold()
    const key = group === null ? null : keyOf(group)
    this.#chosen.value = key === this.#chosen.value ? null : key
  }

  close(): void {
    this.#unsubscribe()
    this.groups.close()
  }
}
