/** Runs that nobody carries any more. */
import type { RunId } from '../../shared/run.ts'
import type { Nodes } from '../nodes/nodes.ts'
import type { OwnedRun } from '../store/run-catalog.ts'

/** Those whose owner is gone; and own ones whose taking over has failed half-way. */
export async function orphansOf(
  runs: readonly OwnedRun[],
  nodes: Pick<Nodes, 'isAlive'>,
  halfTaken: ReadonlySet<RunId>,
): Promise<OwnedRun[]> {
  const owners = [...new Set(runs.map(({ owner }) => owner))]
  const areAlive = await Promise.all(owners.map((owner) => nodes.isAlive(owner)))
  const alive = new Set(owners.filter((_, index) => areAlive[index]))
  return runs.filter(({ id, owner }) => !alive.has(owner) || halfTaken.has(id))
}
