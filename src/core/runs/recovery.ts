/** What becomes of a run whose process is gone: its tasks are lost, with a reason. */
import { AppError } from '../../shared/errors.ts'
import { isFinal, outcomeOf, type RunId } from '../../shared/run.ts'
import { isoTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import type { LogStore } from '../store/log-store.ts'
import type { RunCatalog } from '../store/run-catalog.ts'
import { notes } from './notes.ts'
import { nextTask } from './task-state.ts'

export interface RecoveryParts {
  readonly log: LogStore
  readonly catalog: RunCatalog
  readonly clock: Clock
  readonly owner: string
}

const encoder = new TextEncoder()

/**
 * Takes the run over (a writer that still lives is fenced off) and ends it. A plain or pty command
 * died with its session, and nobody saw its exit code; what was stored stays.
 */
export async function loseRun(id: RunId, parts: RecoveryParts): Promise<void> {
  const { log, catalog, clock } = parts
  const run = await catalog.acquire(id, parts.owner)
  const time = clock.now()
  const endedAt = isoTime(time)
  const error = new AppError(
    'server-stopped',
    'Farglass itself was stopped while the command ran, and the command ended with it.',
  )
  const open = run.tasks.filter((task) => !isFinal(task.state))
  const tasks = run.tasks.map((task) => nextTask(task, { kind: 'lost', error, time: endedAt }))
  const state = { state: 'ended', outcome: outcomeOf(tasks, false), endedAt } as const
  if (open.length === 0) {
    await catalog.save({ run: id, epoch: run.epoch, tasks, state })
    return
  }
  const bytes = encoder.encode(`${notes.lost(error)}\n`)
  const row = { channel: 'note', time, count: 1, bytes, end: 'newline' } as const
  const groups = open.map((task) => ({ task: task.id, ...row }))
  await log.append({ run: id, epoch: run.epoch, pos: run.next, groups, tasks, state })
}
