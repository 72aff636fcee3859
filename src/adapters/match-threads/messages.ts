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
      readonly batch: Uint8Array<ArrayBuffer>
      readonly part: MatchPart
    }

/** The answer to a share. */
export type MatchReply =
  | {
      readonly kind: 'matches'
      readonly count: number
      /** Of each group in the batch. */
      readonly positions: readonly number[]
      readonly batch: Uint8Array<ArrayBuffer>
      readonly buckets: readonly Bucket[]
    }
  | { readonly kind: 'failed'; readonly message: string }
