/** Port: the archive. Ranges of a run's lines that have been moved out of the hot log, for good. */
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { RunId } from '../../shared/run.ts'

export interface Archive {
  /**
   * Stores the groups of a range, which they fill without hole. Resolves when it outlives a power
   * cut. Several nodes may put the same or overlapping ranges at once: positions never change, so
   * each holds the same lines. Rejects with `disk-full` or `store-busy` when that can pass.
   */
  put(run: RunId, groups: readonly PlacedGroup[]): Promise<PutRange>

  /** All ranges of the run, by where they begin; whether they can be read is not known yet. */
  ranges(run: RunId): Promise<readonly ArchivedRange[]>

  /**
   * The groups of a range, exactly from its begin to its end; undefined when what is stored there is
   * damaged or gone. Rejects with `store-busy` when the archive as a whole is away.
   */
  load(run: RunId, range: ArchivedRange): Promise<readonly PlacedGroup[] | undefined>

  /** Removes all of the run; an unknown one is no error. */
  remove(run: RunId): Promise<void>
}

/** Positions from `from` to before `next`. */
export interface ArchivedRange {
  readonly from: number
  readonly next: number
}

export interface PutRange extends ArchivedRange {
  /** Of the range in the archive. */
  readonly bytes: number
}

/** The range that groups fill; at least one group. */
export function rangeOf(groups: readonly PlacedGroup[]): ArchivedRange {
  const first = groups[0]
  const last = groups.at(-1)
  if (first === undefined || last === undefined) return { from: 0, next: 0 }
  return { from: first.pos, next: last.pos + last.count }
}
