/** The last row of a task that has ended by itself. */
import type { Task } from '../../shared/run.ts'
import { parseTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import { notes } from './notes.ts'

/** `startedMs`: by the steady clock, when this process has started it. */
export function exitNote(
  { exitCode, startedAt }: Task,
  startedMs: number | undefined,
  clock: Clock,
): string {
  if (startedMs !== undefined) return notes.exited(exitCode, clock.elapsed() - startedMs)
  const now = clock.now()
  return notes.exited(exitCode, startedAt === null ? 0 : now - parseTime(startedAt))
}
