/** Runs as lists give them: without their tasks, of which a run may have thousands, but with what these amount to. */
import { type CountedRun, type CountedState, countedState } from './counted-state.ts'
import { limits } from './limits.ts'
import type { Run, Task } from './run.ts'

export interface ListedRun extends Omit<Run, 'tasks'>, TaskSummary {}

/** What the tasks of a run amount to. */
export interface TaskSummary {
  /** On so many hosts: one task each. */
  readonly hosts: number
  /** How many tasks are in which state; no word for none. */
  readonly counts: TaskCounts
  /** Tasks that go on while their host is away. */
  readonly away: number
  /** Source bytes of all tasks whose lines are committed. */
  readonly bytes: number
  /** The first `limits.listedTasksMax` of them. */
  readonly firstTasks: readonly ListedTask[]
}

export type TaskCounts = Readonly<Partial<Record<CountedState, number>>>

export type ListedTask = Pick<
  Task,
  'id' | 'host' | 'state' | 'exitCode' | 'signal' | 'code' | 'awaySince'
>

/** The run without its tasks. */
export function listedRun({ tasks, ...run }: Run): ListedRun {
  return { ...run, ...taskSummary(tasks, run) }
}

/** As who carries the run knows it, and without that as it is stored. Only there is known whether it is pinned. */
export function listedAsOf(carried: Run | undefined, stored: ListedRun): ListedRun {
  return carried === undefined ? stored : { ...listedRun(carried), pinned: stored.pinned }
}

/** For stores, which may keep that of a run that has ended. */
export function taskSummary(tasks: readonly Task[], run: CountedRun): TaskSummary {
  const counts: Partial<Record<CountedState, number>> = {}
  let away = 0
  let bytes = 0
  for (const task of tasks) {
    const word = countedState(task, run)
    counts[word] = (counts[word] ?? 0) + 1
    if (task.awaySince !== null) away += 1
    bytes += task.outBytes + task.errBytes
  }
  const firstTasks = tasks.slice(0, limits.listedTasksMax).map(listedTask)
  return { hosts: tasks.length, counts, away, bytes, firstTasks }
}

function listedTask({ id, host, state, exitCode, signal, code, awaySince }: Task): ListedTask {
  return { id, host, state, exitCode, signal, code, awaySince }
}
