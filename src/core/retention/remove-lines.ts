/**
 * Removes the lines of a run, in steps that another process can finish after a crash:
 *
 *     what goes is noted in the run ─▶ lines are dropped ─▶ a row in their place says so
 */
import { removalNote } from '../../shared/retention.ts'
import type { Run } from '../../shared/run.ts'
import { isoTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import type { LogStore } from '../store/log-store.ts'
import type { RunCatalog } from '../store/run-catalog.ts'
import type { ChosenRun } from './choose-for-removal.ts'

export interface RemovalParts {
  readonly log: LogStore
  readonly catalog: RunCatalog
  readonly clock: Clock
}

/** Resolves with whether they are gone: a run that was pinned meanwhile keeps them. */
export async function removeLines(
  { next, lines }: Pick<Run, 'next' | 'lines'>,
  { id, rule, limit }: ChosenRun,
  parts: RemovalParts,
): Promise<boolean> {
  const at = isoTime(parts.clock.now())
  const noted = await parts.catalog.keep(id, { removed: { at, before: next, lines, rule, limit } })
  if (noted === undefined || noted.removed === null) return false
  await finishRemoval(noted, parts)
  return true
}

/** Does what is still to do of a removal that is noted in the run. */
export async function finishRemoval(
  { id, epoch, next, removed }: Pick<Run, 'id' | 'epoch' | 'next' | 'removed'>,
  { log, clock }: RemovalParts,
): Promise<void> {
  if (removed === null || next > removed.before) return
  await log.drop(id)
  const bytes = new TextEncoder().encode(`${removalNote(removed)}\n`)
  const time = clock.now()
  const note = { task: 0, channel: 'note', time, count: 1, bytes, end: 'newline' } as const
  await log.append({ run: id, epoch, pos: removed.before, groups: [note], tasks: [] })
}
