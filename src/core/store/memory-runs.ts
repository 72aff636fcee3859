/** What the memory store holds: its runs with their logs, in the order of their creation. */
import { AppError } from '../../shared/errors.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { Mark } from '../../shared/mark.ts'
import type { Run, RunId, Task } from '../../shared/run.ts'
import type { MemoryRunWatch } from '../nodes/memory-run-watch.ts'
import type { RunChange, TaskProgress } from './log-store.ts'
import type { IdempotencyKey } from './run-catalog.ts'

export class MemoryRuns {
  readonly byId: Map<RunId, MemoryRun> = new Map()
  readonly keys: Map<string, { readonly digest: string; readonly run: RunId }> = new Map()
  readonly #watch: MemoryRunWatch
  #open = true

  constructor(watch: MemoryRunWatch) {
    this.#watch = watch
  }

  add(run: MemoryRun, key: IdempotencyKey | undefined): void {
    this.byId.set(run.value.id, run)
    if (key !== undefined) this.keys.set(key.key, { digest: key.digest, run: run.value.id })
  }

  remove(id: RunId): void {
    this.byId.delete(id)
    for (const [key, { run }] of this.keys) if (run === id) this.keys.delete(key)
  }

  require(id: RunId): MemoryRun {
    const run = this.byId.get(id)
    if (run === undefined) throw new AppError('not-found', `There is no run ${id}.`)
    return run
  }

  /** Replaces some of the run's tasks, perhaps its state, and what is kept of their progress. */
  change(run: MemoryRun, change: MemoryChange): void {
    const changed = new Map(change.tasks.map((task) => [task.id, task]))
    const tasks = run.value.tasks.map((task) => changed.get(task.id) ?? task)
    run.value = { ...run.value, ...change.state, tasks }
    for (const { task, value } of change.progress ?? []) run.progress.set(task, value)
    this.#watch.ring(run.value.id)
  }

  requireOpen(): void {
    if (!this.#open) throw new AppError('store-failed', 'The store is closed.')
  }

  close(): void {
    this.#open = false
  }
}

export interface MemoryRun {
  value: Run
  owner: string
  /** First position that is still in `batches`. */
  hot: number
  readonly batches: MemoryBatch[]
  /** By the task's id. */
  readonly progress: Map<number, string>
  /** By position. */
  readonly marks: Map<number, Mark>
}

export interface MemoryBatch {
  readonly pos: number
  readonly next: number
  readonly groups: readonly PlacedGroup[]
}

interface MemoryChange {
  readonly tasks: readonly Task[]
  readonly state?: RunChange
  readonly progress?: readonly TaskProgress[]
}
