/** In which order the panes of groups stand, so that none moves under somebody who reads. Pure functions. */
import type { TaskGroup } from '../../../shared/protocol/groups.ts'

export type PaneKey = number

/** A group in its pane. */
export interface Pane {
  readonly key: PaneKey
  readonly group: TaskGroup
}

/** Puts groups into panes: each into that of before in which most of its tasks were, else into a new one. */
export function panesOf(groups: readonly TaskGroup[], before: readonly Pane[]): readonly Pane[] {
  const known = new Map(before.flatMap(({ key, group }) => group.tasks.map((task) => [task, key])))
  const taken = new Map<TaskGroup, PaneKey>()
  let next = 1 + Math.max(0, ...before.map(({ key }) => key))
  // The larger of two parts keeps the pane.
  for (const group of groups.toSorted((a, b) => b.tasks.length - a.tasks.length)) {
    const key = mostFrequent(
      group.tasks
        .map((task) => known.get(task))
        .filter((key) => key !== undefined && ![...taken.values()].includes(key)),
    )
    taken.set(group, key ?? next++)
  }
  return groups.map((group) => ({ key: taken.get(group) ?? 0, group }))
}

function mostFrequent(keys: readonly (PaneKey | undefined)[]): PaneKey | undefined {
  const counts = new Map<PaneKey | undefined, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0]
}

/** The panes as they were sorted last, each with what it was sorted by. */
export interface PaneOrder {
  readonly keys: readonly PaneKey[]
  readonly places: ReadonlyMap<PaneKey, string>
}

export const noOrder: PaneOrder = { keys: [], places: new Map() }

/** The order in which the server gives the groups. */
export function sortedOrder(panes: readonly Pane[]): PaneOrder {
  const places = new Map(panes.map(({ key, group }) => [key, placeOf(group)]))
  return { keys: panes.map(({ key }) => key), places }
}

/** The panes in a kept order; new ones stand at the end. */
export function inOrder(panes: readonly Pane[], { keys }: PaneOrder): readonly Pane[] {
  const ranks = new Map(keys.map((key, at) => [key, at]))
  const rank = ({ key }: Pane): number => ranks.get(key) ?? keys.length
  return panes.toSorted((a, b) => rank(a) - rank(b))
}

/** How many groups are new, or would stand elsewhere for what has become of them. */
export function changedSince(panes: readonly Pane[], { places }: PaneOrder): number {
  return panes.filter(({ key, group }) => places.get(key) !== placeOf(group)).length
}

function placeOf({ relation, ended }: TaskGroup): string {
  return `${relation} ${ended?.state} ${ended?.exitCode}`
}
