/** What Farglass can do with runs: the one interface that HTTP and the embedded CLI use. */
import type { SourceChannel } from '../../shared/channel.ts'
import type { EpochStart } from '../../shared/epochs.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { ListedRun } from '../../shared/listed-run.ts'
import type { Mark, MarkWish } from '../../shared/mark.ts'
import type { RunRequest } from '../../shared/protocol/requests.ts'
import type { Answer } from '../../shared/question.ts'
import type { Run, RunId, SavedUse, StartedBy, Task } from '../../shared/run.ts'
import type { Secret } from '../../shared/secret.ts'
import type { IdempotencyKey, RunQuery } from '../store/run-catalog.ts'

export interface RunService {
  /**
   * Stores the run and starts it in the background. Resolves when the run is committed. Rejects
   * with `bad-target`, `bad-command`, `bad-source`, `bad-secret`, `secret-key`, `too-many-runs`, `idempotency-conflict`, `shutting-down`.
   */
  start(start: StartRun): Promise<Run>

  /** Rejects with `not-found`. */
  get(id: RunId): Promise<Run>

  list(query: RunQuery): Promise<readonly Run[]>

  /** The same without their tasks. */
  listed(query: RunQuery): Promise<readonly ListedRun[]>

  /**
   * Asks for the end of every task. Resolves at once with the run as it is then; the proof comes
   * as a note. A run that has ended is given as it is. Rejects with `not-found`.
   */
  stop(id: RunId): Promise<Run>

  /**
   * Removes a run that has ended, with its lines, for good. Rejects with `not-found`, and with
   * `conflict` when it has not ended.
   */
  remove(id: RunId): Promise<void>

  /** Pins a run, so that retention leaves it, or lets go of it. Rejects with `not-found`. */
  pin(id: RunId, isPinned: boolean): Promise<Run>

  /** Answers the question that a task has asked. Rejects with `not-found` or `conflict`. */
  answer(id: RunId, task: number, answer: Answer): Promise<void>

  /** Lines that somebody has marked, by position. Rejects with `not-found`. */
  marks(id: RunId): Promise<readonly Mark[]>

  /**
   * Marks a line for everybody, or takes its mark back; gives all marks. Rejects with `not-found`,
   * and with `conflict` when there are too many, or no such line.
   */
  mark(id: RunId, wish: MarkWish): Promise<readonly Mark[]>

  /** Who follows the run from now on calls themselves so, until the returned function is called. */
  name(id: RunId, name: string): () => void

  /** Whole groups from `from` on, at most `bytesMax` bytes (at least one group), empty at the end. */
  read(id: RunId, from: number, bytesMax: number): Promise<readonly PlacedGroup[]>

  /**
   * History from `from` on, then live, as one sequence: `run` first, `end` last. Ends by itself
   * after `end`, or when the signal aborts. Rejects with `not-found`; a cursor after the end of the
   * log gives `reset` and goes on from the end.
   */
  follow(id: RunId, from: number, signal: AbortSignal): AsyncIterable<FeedItem>

  /** The same for a part of Farglass that reads along, from 0 without a cursor: viewers are not told of it. */
  readAlong(id: RunId, signal: AbortSignal, from?: number): AsyncIterable<FeedItem>
}

export interface StartRun {
  readonly request: RunRequest
  /** Variables of the command, by name: they are hidden in its output, and stored sealed alone. */
  readonly secrets?: ReadonlyMap<string, Secret>
  /** The saved command that the request was made from. */
  readonly saved?: SavedUse
  /** The run that this one runs again. */
  readonly rerunOf?: RunId
  /** What starts it by itself. */
  readonly startedBy?: StartedBy
  /** A typed login for this run alone (the article's route). */
  readonly login?: { readonly password: Secret }
  readonly key?: IdempotencyKey
}

/** What a follower gives. Frames are shared by all followers of a run: encode each once. */
export type FeedItem =
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'task'; readonly task: Task }
  | {
      readonly kind: 'partial'
      readonly task: number
      readonly channel: SourceChannel
      readonly text: string
    }
  /** How many follow the run, this one among them, and what they call themselves. */
  | { readonly kind: 'viewers'; readonly count: number; readonly names: readonly string[] }
  /** All marked lines, by position. */
  | { readonly kind: 'marks'; readonly marks: readonly Mark[] }
  | Frame
  | {
      readonly kind: 'reset'
      readonly epoch: number
      readonly from: number
      /** Of the run that goes on from there. */
      readonly epochs: readonly EpochStart[]
    }
  | { readonly kind: 'end'; readonly next: number; readonly run: Run }

/** Lines without gap from `pos` to before `next`. Immutable. */
export interface Frame {
  readonly kind: 'frame'
  readonly pos: number
  readonly next: number
  readonly groups: readonly PlacedGroup[]
}
