/** Port: runs and tasks. `lines`, `gaps`, `first`, `next` of a run are kept by the log's transactions. */

import type { ListedRun } from '../../shared/listed-run.ts'
import type { Mark, MarkChange } from '../../shared/mark.ts'
import type { Removal } from '../../shared/retention.ts'
import type { Run, RunId, Task } from '../../shared/run.ts'
import type { RunFilter } from '../../shared/run-filter.ts'
import type { LastRuns } from './last-runs.ts'
import type { RunChange, TaskProgress } from './log-store.ts'

export interface RunCatalog {
  /**
   * Stores a new run with its tasks, epoch 1, owned by `owner`; its lines begin at its `first`. With a key that was used before:
   * same `digest` gives the run stored then (`existing`), another one `conflict`. Resolves when
   * committed and synced.
   */
  create(run: Run, owner: string, key?: IdempotencyKey): Promise<CreateResult>

  /** The run with its tasks, or undefined. */
  get(id: RunId): Promise<Run | undefined>

  /** Those that the filter takes, newest first. `before` is the id of the last run of the page before. */
  list(query: RunQuery): Promise<readonly Run[]>

  /** The same without their tasks. */
  listed(query: RunQuery): Promise<readonly ListedRun[]>

  /** The newest run of each host, among the `limit` newest runs; at most `limits.runsPageMax` of them. */
  lastRuns(limit: number): Promise<LastRuns>

  /**
   * Stores changes that come without lines. Ignored silently when `epoch` is not the run's own. How
   * far tasks are (`outBytes`, `errBytes`) is not taken from it: that moves with lines alone.
   */
  save(change: CatalogChange): Promise<void>

  /** Every run that has not ended, with the name of its owner, in the order of their creation. */
  unfinished(): Promise<readonly OwnedRun[]>

  /**
   * Removes a run that has ended, with its lines and its key: it is as if it never was. Resolves
   * when committed; an unknown run is no error, one that has not ended rejects with `conflict`.
   */
  remove(id: RunId): Promise<void>

  /**
   * Pins a run or lets go of it, or notes what retention is about to remove of it: the latter only
   * when it has ended, is not pinned, and nothing was noted before. Gives the run as it is then,
   * undefined for an unknown one. Resolves when committed and synced.
   */
  keep(id: RunId, change: KeepChange): Promise<Run | undefined>

  /** Marked lines, by position. None for an unknown run. */
  marks(id: RunId): Promise<readonly Mark[]>

  /**
   * Marks a line or takes its mark back; what is so already stays as it is. Gives all marks. Rejects
   * with `not-found`, and with `conflict` over `limits.marksPerRunMax`.
   */
  mark(id: RunId, change: MarkChange): Promise<readonly Mark[]>

  /**
   * Takes the run over when its epoch is still `epoch`: raises it and sets the owner. Gives the run
   * as it is then, with what is needed to go on with it; undefined when somebody else was faster. A
   * store that may lose what it has confirmed gives no number twice, not even one that it has lost,
   * and notes in `epochs` where this ownership begins.
   */
  acquire(id: RunId, owner: string, epoch: number): Promise<AcquiredRun | undefined>
}

export interface KeepChange {
  readonly pinned?: boolean
  readonly removed?: Removal
}

export interface IdempotencyKey {
  readonly key: string
  /** Digest of the request that the key stands for. */
  readonly digest: string
}

export type CreateResult =
  | { readonly kind: 'created'; readonly run: Run }
  | { readonly kind: 'existing'; readonly run: Run }
  | { readonly kind: 'conflict' }

export interface RunQuery extends RunFilter {
  /** At most `limits.runsPageMax`. */
  readonly limit: number
  readonly before?: RunId
}

export interface CatalogChange {
  readonly run: RunId
  readonly epoch: number
  readonly tasks: readonly Task[]
  readonly state?: RunChange
  readonly progress?: readonly TaskProgress[]
}

export interface AcquiredRun {
  readonly run: Run
  /** The last stored progress of each task that has any, by the task's id. */
  readonly progress: ReadonlyMap<number, string>
}

export interface OwnedRun {
  readonly id: RunId
  readonly epoch: number
  readonly owner: string
}
