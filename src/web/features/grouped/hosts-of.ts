/** Names of the hosts of tasks, in the order of the run. */
import type { Run } from '../../../shared/run.ts'

export function hostsOf(run: Run, tasks: readonly number[]): readonly string[] {
  const wanted = new Set(tasks)
  return run.tasks.filter(({ id }) => wanted.has(id)).map(({ host }) => host)
}
