/** What the memory store holds: its runs with their logs, in the order of their creation. */
import { AppError } from '../../shared/errors.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { Run, RunId, Task } from '../../shared/run.ts'
import type { RunChange } from './log-store.ts'
import type { IdempotencyKey } from './run-catalog.ts'

export class MemoryRuns {
  readonly byId: Map<RunId, MemoryRun> = new Map()
  readonly keys: Map<string, { readonly digest: string; readonly run: RunId }> = new Map()
  #open = true

  add(run: MemoryRun, key: IdempotencyKey | undefined): void {
    this.byId.set(run.value.id, run)
    if (key !== undefined) this.keys.set(key.key, { digest: key.digest, run: run.value.id })
  }

  require(id: RunId): MemoryRun {
    const run = this.byId.get(id)
    if (run === undefined) throw new AppError('not-found', `There is no run ${id}.`)
    return run
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
  readonly batches: MemoryBatch[]
}

export interface MemoryBatch {
  readonly pos: number
  readonly next: number
  readonly groups: readonly PlacedGroup[]
}

/** The run with some of its tasks and perhaps its state replaced. */
export function changedRun(run: Run, tasks: readonly Task[], state: RunChange | undefined): Run {
  const changed = new Map(tasks.map((task) => [task.id, task]))
  return { ...run, ...state, tasks: run.tasks.map((task) => changed.get(task.id) ?? task) }
}
