/** Port: hears that a run has changed in the store. A bell, not a log: who hears it reads after its own position. */
import type { SourceChannel } from '../../shared/channel.ts'
import type { RunId } from '../../shared/run.ts'

export interface RunWatch {
  /**
   * Until the signal aborts, calls `onNews` soon after another process has changed the run in the
   * store, and whenever it may have missed that. May ring for nothing.
   */
  watch(id: RunId, onNews: (news: RunNews) => void, signal: AbortSignal): void

  /** Shows an unfinished line of an own run to who watches it elsewhere. May get lost; never rejects. */
  tell(id: RunId, partial: PartialNews): void
}

export type RunNews = ChangeNews | PartialNews

/** `lines`: at least lines were added. `state`: anything may have changed. */
export interface ChangeNews {
  readonly kind: 'lines' | 'state'
}

/** An unfinished line, as it is shown behind the lines before position `at`; empty text takes it back. */
export interface PartialNews {
  readonly kind: 'partial'
  readonly at: number
  readonly task: number
  readonly channel: SourceChannel
  readonly text: string
}
