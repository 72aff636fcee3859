/** The hosts of the runs so far, each once, for the sidebar. */
import type { ListedRun, ListedTask } from '../../shared/listed-run.ts'
import { isFinal } from '../../shared/run.ts'

export interface HostUsed {
  readonly task: ListedTask
  readonly run: ListedRun
}

/**
 * Of each host the newest task that has not ended, else the newest: a host on which something runs
 * is not one that has ended. By name, so that a new run does not move what the eye has found.
 */
export function hostsUsed(runs: readonly ListedRun[], most: number): readonly HostUsed[] {
  const found = new Map<string, HostUsed>()
  for (const run of runs) {
    for (const task of run.firstTasks) {
      const newer = found.get(task.host)
      if (newer === undefined || (isFinal(newer.task.state) && !isFinal(task.state))) {
        found.set(task.host, { task, run })
      }
    }
  }
  return [...found.values()].slice(0, most).toSorted((a, b) => byName(a.task.host, b.task.host))
}

const byName = new Intl.Collator('en', { numeric: true }).compare
