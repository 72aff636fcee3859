/** Answers of the search routes, as they are on the wire (docs/protocol.md). */
import type { Level } from '../level.ts'
import type { RunId } from '../run.ts'
import type { WireLine } from './events.ts'

/** One line of JSON of `GET /api/v1/runs/{id}/search`: any number of spans, then `end`. */
export type SearchRecord = SearchSpanRecord | SearchEndRecord

/** Positions from `from` to before `to` were looked through. */
export interface SearchSpanRecord {
  readonly kind: 'span'
  readonly from: number
  readonly to: number
  /** When the line arrived that the search has come to, ISO 8601 UTC. */
  readonly time: string
  /** Matching lines in it. */
  readonly count: number
  /** Those of them that are given, in order of their positions. */
  readonly lines: readonly WireLine[]
}

export interface SearchEndRecord {
  readonly kind: 'end'
  /** All that was looked through: a search is gone on with at `to`, or going back before `from`. */
  readonly from: number
  readonly to: number
  readonly count: number
  /** Why it is not all that was asked for, and what to do; null: it is. */
  readonly stopped: SearchStop | null
}

export interface SearchStop {
  readonly message: string
  readonly hint: string
}

/** Answer of `GET /api/v1/runs/{id}/histogram`. */
export interface HistogramAnswer {
  readonly run: RunId
  readonly by: 'time' | 'pos'
  /** Ends of the axis: milliseconds since 1970, or positions. */
  readonly from: number
  readonly to: number
  /** How many intervals of equal length the axis has. */
  readonly size: number
  /** Those in which there are lines. */
  readonly buckets: readonly WireBucket[]
  /** Lines in all of them. */
  readonly count: number
  /** Position before which all lines are counted. */
  readonly next: number
  readonly stopped: SearchStop | null
}

export interface WireBucket {
  /** Number of the interval, from 0. */
  readonly index: number
  /** Position of the first line in it. */
  readonly pos: number
  readonly out: number
  readonly err: number
  readonly note: number
  /** Lines by the level that they say, when asked for. */
  readonly levels: Readonly<Partial<Record<Level, number>>>
}
