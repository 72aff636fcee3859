/** Events of `GET /api/v1/runs/{id}/stream`, as they are on the wire (docs/protocol.md). */
import type { Channel, SourceChannel } from '../channel.ts'
import type { EpochStart } from '../epochs.ts'
import type { Mark } from '../mark.ts'
import type { Run, RunId, Task } from '../run.ts'
import type { SearchStop } from './search.ts'

/** `event:` is the kind, `data:` the JSON of the rest. Events that move the cursor carry `id:`. */
export type StreamEvent =
  | RunEvent
  | TaskEvent
  | LinesEvent
  | PartialEvent
  | ViewersEvent
  | MarksEvent
  | EndEvent
  | ResetEvent
  | ByeEvent

/** First event of every stream, and again when the run's own state changes. */
export interface RunEvent {
  readonly kind: 'run'
  readonly run: Run
}

export interface TaskEvent {
  readonly kind: 'task'
  readonly task: Task
}

/** A batch. `id:` is `next`, the cursor after it. */
export interface LinesEvent {
  readonly kind: 'lines'
  /** Position of the first line; lines of all groups follow each other without gap. */
  readonly pos: number
  readonly next: number
  readonly groups: readonly WireGroup[]
}

export interface WireGroup {
  readonly task: number
  readonly channel: Channel
  /** ISO 8601 UTC, arrival at Farglass. */
  readonly time: string
  /** Path of the followed file, where the task follows several: text of the host, not to be trusted. */
  readonly file?: string
  readonly lines: readonly string[]
  /** How the last line ends, when not by a newline. */
  readonly end?: 'continued' | 'unterminated'
  /** The stored bytes are more than these texts say (CR, invalid UTF-8, a cut line): `raw` has them. */
  readonly inexact?: true
  /** Lines that are longer than what is sent: index in `lines` and size in bytes. */
  readonly cut?: readonly { readonly index: number; readonly bytes: number }[]
}

/** The unfinished last line of a channel. Empty text: there is none any more. Replaced by the next `lines` of that channel. */
export interface PartialEvent {
  readonly kind: 'partial'
  readonly task: number
  readonly channel: SourceChannel
  readonly text: string
}

/** How many readers the run has, this one among them. A reader that hears nothing is alone. */
export interface ViewersEvent {
  readonly kind: 'viewers'
  readonly count: number
  /** What they call themselves, as far as they say so; each name once. */
  readonly names: readonly string[]
}

/** All lines that somebody has marked, by position. */
export interface MarksEvent {
  readonly kind: 'marks'
  readonly marks: readonly Mark[]
}

/** The run has ended and every line was sent. `id:` is `next`; asked again from there the answer is 204. */
export interface EndEvent {
  readonly kind: 'end'
  readonly next: number
  readonly run: Run
}

/** History from `from` on was given anew (or never was): drop what you have from there on. */
export interface ResetEvent {
  readonly kind: 'reset'
  readonly epoch: number
  readonly from: number
  /** Of the run that goes on from there. */
  readonly epochs: readonly EpochStart[]
}

/** This node is going: come back after `retryMs`. */
export interface ByeEvent {
  readonly kind: 'bye'
  readonly retryMs: number
}

/** One line as `…/lines` and `--json` give it. */
export interface WireLine {
  readonly pos: number
  readonly task: number
  readonly channel: Channel
  readonly time: string
  /** See `WireGroup`. */
  readonly file?: string
  readonly text: string
  readonly end?: 'continued' | 'unterminated'
  /** Size in bytes of a line whose text is cut. */
  readonly bytes?: number
}

/** Answer of `GET /api/v1/runs/{id}/lines`. */
export interface LinesPage {
  readonly run: RunId
  readonly from: number
  readonly next: number
  readonly lines: readonly WireLine[]
  /** Of a filtered page: why it ends before it is full; go on from `next`. */
  readonly stopped?: SearchStop
}
