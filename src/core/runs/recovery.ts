/** What becomes of a run whose process is gone: what died with it is lost, with a reason. */
import { AppError } from '../../shared/errors.ts'
import { isFinal, outcomeOf, type Run, type Task } from '../../shared/run.ts'
import { isoTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import type { LogStore, RunChange } from '../store/log-store.ts'
import type { RunCatalog } from '../store/run-catalog.ts'
import { isHeldBack } from './fan-out.ts'
import { modeFor } from './modes/modes.ts'
import { noteGroup, notes } from './notes.ts'
import { nextTask } from './task-state.ts'

export interface RecoveryParts {
  readonly log: LogStore
  readonly catalog: RunCatalog
  readonly clock: Clock
}

/** Whether any task of the run may still go on on its host. */
export function canGoOn(run: Run): boolean {
  return run.tasks.some((task) => !isFinal(task.state) && !isDead(run, task))
}

/**
 * Ends the tasks of a run, which was taken over before, that cannot be read on: a plain or pty
 * command died with its session, and nobody saw its exit code; what was stored stays. Gives the run
 * as it is then, ended when nothing is left of it. `refusal`: why the others may not be read on either.
 */
export async function loseTasks(run: Run, parts: RecoveryParts, refusal?: AppError): Promise<Run> {
  const { log, catalog, clock } = parts
  const time = clock.now()
  const endedAt = isoTime(time)
  const isLost = (task: Task) => refusal !== undefined || isDead(run, task)
  const dead = run.tasks.filter((task) => !isFinal(task.state) && isLost(task))
  const why = (task: Task) => (isDead(run, task) ? undefined : refusal) ?? reasonOf(task)
  const tasks = run.tasks.map((task) =>
    dead.includes(task) ? nextTask(task, { kind: 'lost', error: why(task), time: endedAt }) : task,
  )
  const isOver = tasks.every((task) => isFinal(task.state))
  const end: RunChange = { state: 'ended', outcome: outcomeOf(tasks, false), endedAt }
  const state = isOver ? { state: end } : {}
  const groups = dead.map((task) => noteGroup(task.id, notes.lost(why(task)), time))
  const change = { run: run.id, epoch: run.epoch, tasks, ...state }
  if (groups.length > 0) await log.append({ ...change, pos: run.next, groups })
  else if (isOver) await catalog.save(change)
  return { ...run, tasks, next: run.next + groups.length, ...(isOver ? end : {}) }
}

/** What has not begun goes on by the plan of the run. */
function isDead(run: Run, task: Task): boolean {
  return modeFor(run.source, task.mode).resume === undefined && !isHeldBack(run, task)
}

/** The start may have happened in the moment before the end, so it is never told as not done. */
function reasonOf(task: Task): AppError {
  const when =
    task.startedAt === null
      ? 'before it heard that the command had started: whether it ran is not known'
      : 'while the command ran, and the command ended with it'
  return new AppError('server-stopped', `Farglass itself was stopped ${when}.`)
}
