/** The catalog on SQLite. */
import type { LastRuns } from '../../core/store/last-runs.ts'
import type {
  AcquiredRun,
  CatalogChange,
  CreateResult,
  IdempotencyKey,
  KeepChange,
  OwnedRun,
  RunCatalog,
  RunQuery,
} from '../../core/store/run-catalog.ts'
import type { ListedRun } from '../../shared/listed-run.ts'
import type { Mark, MarkChange } from '../../shared/mark.ts'
import type { Run, RunId } from '../../shared/run.ts'
import type { StoreThreads } from './store-threads.ts'
import { toStoredChange } from './stored-change.ts'

export class SqliteCatalog implements RunCatalog {
  readonly #threads: StoreThreads

  constructor(threads: StoreThreads) {
    this.#threads = threads
  }

  create(run: Run, owner: string, key?: IdempotencyKey): Promise<CreateResult> {
    return this.#threads.write<'create'>({ kind: 'create', run, owner, key })
  }

  get(id: RunId): Promise<Run | undefined> {
    return this.#threads.read<'get'>({ kind: 'get', run: id })
  }

  list(query: RunQuery): Promise<readonly Run[]> {
    return this.#threads.read<'list'>({ kind: 'list', query })
  }

  listed(query: RunQuery): Promise<readonly ListedRun[]> {
    return this.#threads.read<'listed'>({ kind: 'listed', query })
  }

  lastRuns(limit: number): Promise<LastRuns> {
    return this.#threads.read<'last-runs'>({ kind: 'last-runs', limit })
  }

  async save(change: CatalogChange): Promise<void> {
    const { run, epoch } = change
    await this.#threads.write<'save'>({ kind: 'save', run, epoch, change: toStoredChange(change) })
  }

  unfinished(): Promise<readonly OwnedRun[]> {
    return this.#threads.read<'unfinished'>({ kind: 'unfinished' })
  }

  async remove(id: RunId): Promise<void> {
    await this.#threads.write<'remove'>({ kind: 'remove', run: id })
  }

  keep(id: RunId, change: KeepChange): Promise<Run | undefined> {
    return this.#threads.write<'keep'>({ kind: 'keep', run: id, change })
  }

  marks(id: RunId): Promise<readonly Mark[]> {
    return this.#threads.read<'marks'>({ kind: 'marks', run: id })
  }

  mark(id: RunId, change: MarkChange): Promise<readonly Mark[]> {
    return this.#threads.write<'mark'>({ kind: 'mark', run: id, change })
  }

  acquire(id: RunId, owner: string, epoch: number): Promise<AcquiredRun | undefined> {
    return this.#threads.write<'acquire'>({ kind: 'acquire', run: id, owner, epoch })
  }
}
