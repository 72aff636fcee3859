/** Port: the log. Positions of a run are dense, from 0, and never change. */
import type { LineGroup, PlacedGroup } from '../../shared/line-group.ts'
import type { Run, RunId, Task } from '../../shared/run.ts'

export interface LogStore {
  /**
   * Appends a batch, the tasks' new offsets and states, and the run's counters in one transaction.
   * Resolves once it is committed (and synced, unless the store was opened with `sync: 'interval'`).
   * A retry of a stored batch gives `duplicate`, a hole `gap`, an old owner `fenced`: nothing is
   * written then, no progress either. Appends of one run may overlap; they take effect in the order
   * of the calls, and after a rejected one all later ones in flight fail too. Rejects with
   * `disk-full` or `store-busy` when that can pass: the batch is not stored and may be offered
   * again; with `store-failed` or `progress-too-large` when it cannot.
   */
  append(append: Append): Promise<AppendResult>

  /**
   * Batches from `from` on, whole groups in order, the first one cut so that it starts exactly at
   * `from`; ends after `bytesMax` (at least one group). Empty at the end of the log. Only committed
   * lines are seen. A `from` before the first kept position starts at that one.
   */
  read(run: RunId, from: number, bytesMax: number): Promise<readonly PlacedGroup[]>

  /** Where the log begins and ends, and whose it is; zeros for an unknown run. */
  bounds(run: RunId): Promise<LogBounds>

  /** Removes the run's lines. Resolves when committed; unknown runs are no error. */
  drop(run: RunId): Promise<void>

  /** Waits for what is under way, then closes. Later calls reject with `store-failed`. */
  [Symbol.asyncDispose](): Promise<void>
}

export interface LogBounds {
  readonly first: number
  readonly next: number
  readonly epoch: number
}

export interface Append {
  readonly run: RunId
  /** Ownership under which the writer works, see `RunCatalog.acquire`. */
  readonly epoch: number
  /** Position that the first line must get. */
  readonly pos: number
  /** At least one group. */
  readonly groups: readonly LineGroup[]
  /** New values of the tasks that change with it. */
  readonly tasks: readonly Task[]
  /** New values of the run itself, when they change with it (its end). */
  readonly state?: RunChange
  /** How far its tasks are with these lines, see `TaskProgress`. */
  readonly progress?: readonly TaskProgress[]
}

/**
 * Where a task goes on reading after a restart, as a text that only the task's own mode understands.
 * Committed with the lines that it counts, so a resumed task neither skips nor repeats any. Kept for
 * who takes the run over (`RunCatalog.acquire`), no part of the run as viewers see it.
 */
export interface TaskProgress {
  readonly task: number
  /** At most `limits.progressBytesMax` of UTF-8. The last one stored counts. */
  readonly value: string
}

export type AppendResult =
  | { readonly kind: 'stored'; readonly next: number }
  | { readonly kind: 'duplicate'; readonly next: number }
  | { readonly kind: 'gap'; readonly next: number }
  | { readonly kind: 'fenced'; readonly epoch: number }

export type RunChange = Pick<Run, 'state' | 'outcome' | 'endedAt'>
