/** What the main thread and the two threads of the store say to each other. */
import type { LastRuns } from '../../core/store/last-runs.ts'
import type { LineCount } from '../../core/store/log-rules.ts'
import type {
  AppendResult,
  LogBounds,
  RunChange,
  TaskProgress,
} from '../../core/store/log-store.ts'
import type { NewRecord, RecordKind, StoredRecord } from '../../core/store/record-store.ts'
import type {
  AcquiredRun,
  CreateResult,
  IdempotencyKey,
  KeepChange,
  OwnedRun,
  RunQuery,
} from '../../core/store/run-catalog.ts'
import type { Session } from '../../core/store/session-store.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { ListedRun } from '../../shared/listed-run.ts'
import type { Mark, MarkChange } from '../../shared/mark.ts'
import type { ErrorBody } from '../../shared/protocol/error-body.ts'
import type { Run, RunId } from '../../shared/run.ts'

/** Given to each thread when it starts. */
export interface ThreadData {
  readonly directory: string
  readonly file: string
  readonly sync: 'full' | 'interval'
}

/** One task as a row. */
export interface TaskRow {
  readonly id: number
  readonly body: string
}

/** What of a run and its tasks changes, with lines or without. */
export interface StoredChange {
  readonly tasks: readonly TaskRow[]
  readonly state: RunChange | undefined
  readonly progress: readonly TaskProgress[]
}

export type WriteOp =
  | {
      readonly kind: 'append'
      readonly run: RunId
      readonly epoch: number
      readonly pos: number
      /** What the batch adds to the counters of the run. */
      readonly count: LineCount
      /** Where the encoded batch lies in the bytes of the burst. */
      readonly offset: number
      readonly length: number
      readonly change: StoredChange
    }
  | {
      readonly kind: 'create'
      readonly run: Run
      readonly owner: string
      readonly key: IdempotencyKey | undefined
    }
  | {
      readonly kind: 'save'
      readonly run: RunId
      readonly epoch: number
      readonly change: StoredChange
    }
  | {
      readonly kind: 'acquire'
      readonly run: RunId
      readonly owner: string
      readonly epoch: number
    }
  | { readonly kind: 'drop'; readonly run: RunId }
  | { readonly kind: 'remove'; readonly run: RunId }
  | { readonly kind: 'keep'; readonly run: RunId; readonly change: KeepChange }
  | { readonly kind: 'mark'; readonly run: RunId; readonly change: MarkChange }
  | { readonly kind: 'put-record'; readonly record: NewRecord }
  | {
      readonly kind: 'remove-record'
      readonly of: RecordKind
      readonly name: string
      readonly version: number | undefined
    }
  | { readonly kind: 'put-session'; readonly session: Session }
  | { readonly kind: 'remove-session'; readonly digest: string }
  | { readonly kind: 'prune-sessions'; readonly now: number }

export interface WriteAnswers {
  readonly append: AppendResult
  readonly create: CreateResult
  readonly save: undefined
  readonly acquire: AcquiredRun | undefined
  readonly drop: undefined
  readonly remove: undefined
  readonly keep: Run | undefined
  readonly mark: readonly Mark[]
  readonly 'put-record': StoredRecord
  readonly 'remove-record': boolean
  readonly 'put-session': undefined
  readonly 'remove-session': boolean
  readonly 'prune-sessions': undefined
}

export type ReadOp =
  | {
      readonly kind: 'read'
      readonly run: RunId
      readonly from: number
      readonly bytesMax: number
    }
  | { readonly kind: 'bounds'; readonly run: RunId }
  | { readonly kind: 'get'; readonly run: RunId }
  | { readonly kind: 'marks'; readonly run: RunId }
  | { readonly kind: 'list'; readonly query: RunQuery }
  | { readonly kind: 'listed'; readonly query: RunQuery }
  | { readonly kind: 'last-runs'; readonly limit: number }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'verify' }
  | { readonly kind: 'list-records'; readonly of: RecordKind }
  | { readonly kind: 'get-record'; readonly of: RecordKind; readonly name: string }
  | { readonly kind: 'get-session'; readonly digest: string }

export interface ReadAnswers {
  readonly read: StoredBatches
  readonly bounds: LogBounds
  readonly get: Run | undefined
  readonly marks: readonly Mark[]
  readonly list: readonly Run[]
  readonly listed: readonly ListedRun[]
  readonly 'last-runs': LastRuns
  readonly unfinished: readonly OwnedRun[]
  readonly verify: StoreReport
  readonly 'list-records': readonly StoredRecord[]
  readonly 'get-record': StoredRecord | undefined
  readonly 'get-session': Session | undefined
}

/** Batches as they are stored; the first one may begin before `from`. */
export interface StoredBatches {
  readonly from: number
  readonly batches: readonly StoredBatch[]
}

/** `body` is null when it is not what was written. */
export interface StoredBatch {
  readonly pos: PlacedGroup['pos']
  readonly count: number
  readonly body: Uint8Array | null
}

/** What reading everything has shown. */
export interface StoreReport {
  readonly batches: number
  /** Positions `from` to before `to` of runs whose bytes are not what was written. */
  readonly damaged: readonly { readonly run: RunId; readonly from: number; readonly to: number }[]
}

/** An op with the number under which it is answered. */
export interface Ticketed<Op> {
  readonly ticket: number
  readonly op: Op
}

/** To a thread. All that was asked for in one turn of the event loop travels together. */
export type Request<Op> =
  | {
      readonly kind: 'burst'
      readonly ops: readonly Ticketed<Op>[]
      readonly bytes: Uint8Array<ArrayBuffer>
    }
  /** Finish what is under way, then close the database. */
  | { readonly kind: 'close' }

/** From a thread. */
export type Reply =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'answers'
      readonly answers: readonly Answer[]
      /** Memory of bursts that have been written, handed back to be used again. */
      readonly spent?: readonly Uint8Array<ArrayBuffer>[]
    }
  /** Nothing more can be had from this thread. */
  | { readonly kind: 'failed'; readonly error: ErrorBody['error'] }
  | { readonly kind: 'closed' }

export type Answer =
  | { readonly ticket: number; readonly value: unknown }
  | { readonly ticket: number; readonly error: ErrorBody['error'] }
