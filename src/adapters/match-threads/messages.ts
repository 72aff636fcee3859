/** What the main thread and a thread that matches say to each other. Groups travel as one batch each. */
import type { MatchJob, MatchPart } from '../../core/search/matchers.ts'
import type { Bucket } from '../../core/search/tally.ts'

export type MatchRequest =
  /** A new search: forget the one before. */
  | { readonly kind: 'job'; readonly job: MatchJob }
  | {
      readonly kind: 'share'
      /** Position of the first line; all groups follow each other. */
      readonly pos: number
      /** Memory whose first `length` bytes are the batch; it comes back with the answer. */
      readonly memory: Uint8Array<ArrayBuffer>
      readonly length: number
      readonly part: MatchPart
    }

export type MatchReply =
  /** The thread has started, and forgotten what it did before. */
  { readonly kind: 'ready' } | ShareReply

/** The answer to a share, with the memory that it came in. */
export type ShareReply = { readonly memory: Uint8Array<ArrayBuffer> } & (
  | {
      readonly kind: 'matches'
      readonly count: number
      /** Of each group in the batch. */
      readonly positions: readonly number[]
      readonly batch: Uint8Array<ArrayBuffer>
      readonly buckets: readonly Bucket[]
    }
  | { readonly kind: 'failed'; readonly message: string }
)
