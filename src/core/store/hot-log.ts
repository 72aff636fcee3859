/** Port: a log that keeps the newest lines of a run where they cost most, and can let go of the older ones. */
import type { RunId } from '../../shared/run.ts'
import type { LogStore } from './log-store.ts'

/** `read` begins at the first hot position at the earliest. */
export interface HotLog extends LogStore {
  /** Where the kept lines of the run begin, those in this log, and where they end; undefined for an unknown run. */
  hotBounds(run: RunId): Promise<HotBounds | undefined>

  /** Memory that the run's lines take in this log, about. */
  hotBytes(run: RunId): Promise<number>

  /**
   * Lets go of the lines before a position. Those that were `archived` are still kept elsewhere, so
   * the run's `first` stays; of others it moves. Never goes back: the same call again changes nothing.
   */
  trim(run: RunId, trim: Trim): Promise<void>
}

export interface HotBounds {
  readonly first: number
  readonly hot: number
  readonly next: number
}

export interface Trim {
  readonly before: number
  readonly isArchived: boolean
}
