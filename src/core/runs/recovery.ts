/** What becomes of a run whose process is gone: its tasks are lost, with a reason. */
import { AppError } from '../../shared/errors.ts'
import { isFinal, outcomeOf, type RunId, type Task } from '../../shared/run.ts'
import { isoTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import type { LogStore } from '../store/log-store.ts'
import type { RunCatalog } from '../store/run-catalog.ts'
import { noteGroup, notes } from './notes.ts'
import { nextTask } from './task-state.ts'

export interface RecoveryParts {
  readonly log: LogStore
  readonly catalog: RunCatalog
  readonly clock: Clock
  readonly owner: string
}

/**
 * Takes the run over (a writer that still lives is fenced off) and ends it. A plain or pty command
 * died with its session, and nobody saw its exit code; what was stored stays.
 */
export async function loseRun(id: RunId, parts: RecoveryParts): Promise<void> {
  const { log, catalog, clock } = parts
  const { run } = await catalog.acquire(id, parts.owner)
  const time = clock.now()
  const endedAt = isoTime(time)
  const open = run.tasks.filter((task) => !isFinal(task.state))
  const tasks = run.tasks.map((task) =>
    nextTask(task, { kind: 'lost', error: reasonOf(task), time: endedAt }),
  )
  const state = { state: 'ended', outcome: outcomeOf(tasks, false), endedAt } as const
  if (open.length === 0) {
    await catalog.save({ run: id, epoch: run.epoch, tasks, state })
    return
  }
  const groups = open.map((task) => noteGroup(task.id, notes.lost(reasonOf(task)), time))
  await log.append({ run: id, epoch: run.epoch, pos: run.next, groups, tasks, state })
}

/** The start may have happened in the moment before the end, so it is never told as not done. */
function reasonOf(task: Task): AppError {
  const when =
    task.startedAt === null
      ? 'before it heard that the command had started: whether it ran is not known'
      : 'while the command ran, and the command ended with it'
  return new AppError('server-stopped', `Farglass itself was stopped ${when}.`)
}
