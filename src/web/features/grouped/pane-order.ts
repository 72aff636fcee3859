/** In which order the panes of groups stand, so that none moves under somebody who reads. Pure functions. */
import type { TaskGroup } from '../../../shared/protocol/groups.ts'

/** A group keeps its pane while its first task stays in it. */
export type PaneKey = number

export function keyOf({ tasks }: TaskGroup): PaneKey {
  return tasks[0] ?? 0
}

/** The panes as they were sorted last, each with what it was sorted by. */
export interface PaneOrder {
  readonly keys: readonly PaneKey[]
  readonly places: ReadonlyMap<PaneKey, string>
}

export const noOrder: PaneOrder = { keys: [], places: new Map() }

/** The order in which the server gives the groups. */
export function sortedOrder(groups: readonly TaskGroup[]): PaneOrder {
  const places = new Map(groups.map((group) => [keyOf(group), placeOf(group)]))
  return { keys: groups.map(keyOf), places }
}

/** The groups in a kept order; new ones stand at the end. */
export function inOrder(groups: readonly TaskGroup[], { keys }: PaneOrder): readonly TaskGroup[] {
  const rank = (group: TaskGroup): number => {
    const at = keys.indexOf(keyOf(group))
    return at < 0 ? keys.length : at
  }
  return groups.toSorted((a, b) => rank(a) - rank(b))
}

/** How many groups are new, or would stand elsewhere for what has become of them. */
export function changedSince(groups: readonly TaskGroup[], { places }: PaneOrder): number {
  return groups.filter((group) => places.get(keyOf(group)) !== placeOf(group)).length
}

function placeOf({ relation, ended }: TaskGroup): string {
  return `${relation} ${ended?.state} ${ended?.exitCode}`
}
