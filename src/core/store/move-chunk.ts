/** Moves the oldest hot lines of a run into the archive; without one it removes them. */
import { limits } from '../../shared/limits.ts'
import type { RunId } from '../../shared/run.ts'
import { type Archive, rangeOf } from './archive.ts'
import type { HotBrake } from './hot-brake.ts'
import type { HotLog } from './hot-log.ts'

export interface Tiers {
  readonly hot: HotLog
  /** Null: lines that are too many are removed for good. */
  readonly archive: Archive | null
  /** Told how much waits to be moved. */
  readonly brake: HotBrake
}

export interface MovedChunk {
  readonly lines: number
  /** Position behind the last of them. */
  readonly next: number
  /** Of the range in the archive; 0 without one. */
  readonly bytes: number
}

/**
 * About `bytesMax` of them; undefined when there are none. The hot log lets go of lines only when
 * they are in the archive for good. Two nodes that do this at once write the same lines there.
 */
export async function moveChunk(
  { hot, archive }: Pick<Tiers, 'hot' | 'archive'>,
  run: RunId,
  bytesMax: number = limits.archiveChunkBytes,
): Promise<MovedChunk | undefined> {
  const bounds = await hot.hotBounds(run)
  if (bounds === undefined || bounds.hot >= bounds.next) return undefined
  const groups = await hot.read(run, bounds.hot, bytesMax)
  if (groups.length === 0) return undefined
  const { from, next } = rangeOf(groups)
  const put = await archive?.put(run, groups)
  await hot.trim(run, { before: next, isArchived: archive !== null })
  // Removed meanwhile, with all that was in the archive by then.
  if ((await hot.hotBounds(run)) === undefined) await archive?.remove(run)
  return { lines: next - from, next, bytes: put?.bytes ?? 0 }
}
