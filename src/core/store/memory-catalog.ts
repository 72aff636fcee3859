/** The catalog of the memory store. */
import { withEpoch } from '../../shared/epochs.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { type ListedRun, listedRun } from '../../shared/listed-run.ts'
import type { Mark, MarkChange } from '../../shared/mark.ts'
import type { Run, RunId, Task } from '../../shared/run.ts'
import { matchesFilter } from '../../shared/run-filter.ts'
import { storedPlan } from '../../shared/run-plan.ts'
import { type LastRuns, lastRunsOf } from './last-runs.ts'
import { checkEnded, checkMarks, checkProgress, keptAfter } from './log-rules.ts'
import type { MemoryRuns } from './memory-runs.ts'
import type {
  AcquiredRun,
  CatalogChange,
  CreateResult,
  IdempotencyKey,
  KeepChange,
  OwnedRun,
  RunCatalog,
  RunQuery,
} from './run-catalog.ts'

export class MemoryCatalog implements RunCatalog {
  readonly #runs: MemoryRuns

  constructor(runs: MemoryRuns) {
    this.#runs = runs
  }

  async create(run: Run, owner: string, key?: IdempotencyKey): Promise<CreateResult> {
    this.#runs.requireOpen()
    const used = key === undefined ? undefined : this.#runs.keys.get(key.key)
    if (used !== undefined) {
      if (used.digest !== key?.digest) return { kind: 'conflict' }
      return { kind: 'existing', run: this.#runs.require(used.run).value }
    }
    if (this.#runs.byId.has(run.id)) {
      throw new AppError('conflict', `A run with the id ${run.id} is already stored.`)
    }
    const plan = storedPlan(run)
    const value = { ...run, plan, epoch: 1, next: run.first, lines: 0, gaps: 0 }
    this.#runs.add(
      { value, owner, hot: run.first, batches: [], progress: new Map(), marks: new Map() },
      key,
    )
    return { kind: 'created', run: value }
  }

  async get(id: RunId): Promise<Run | undefined> {
    this.#runs.requireOpen()
    return this.#runs.byId.get(id)?.value
  }

  async list(query: RunQuery): Promise<readonly Run[]> {
    this.#runs.requireOpen()
    const newestFirst = [...this.#runs.byId.values()].map((run) => run.value).toReversed()
    const before = newestFirst.findIndex((run) => run.id === query.before)
    if (query.before !== undefined && before < 0) return []
    return newestFirst
      .slice(before + 1)
      .filter((run) => matchesFilter(run, query))
      .slice(0, Math.min(query.limit, limits.runsPageMax))
  }

  async listed(query: RunQuery): Promise<readonly ListedRun[]> {
    return (await this.list(query)).map(listedRun)
  }

  async lastRuns(limit: number): Promise<LastRuns> {
    const newest = await this.list({ limit })
    return lastRunsOf(
      newest.map(({ id, createdAt, tasks }) => ({
        id,
        createdAt,
        hosts: tasks.map(({ host }) => host),
      })),
    )
  }

  async save(change: CatalogChange): Promise<void> {
    this.#runs.requireOpen()
    checkProgress(change.progress)
    const run = this.#runs.byId.get(change.run)
    if (run === undefined || run.value.epoch !== change.epoch) return
    this.#runs.change(run, { ...change, tasks: withOffsetsOf(run.value.tasks, change.tasks) })
  }

  async unfinished(): Promise<readonly OwnedRun[]> {
    this.#runs.requireOpen()
    return [...this.#runs.byId.values()]
      .filter((run) => run.value.state !== 'ended')
      .map(({ value: { id, epoch }, owner }) => ({ id, epoch, owner }))
  }

  async remove(id: RunId): Promise<void> {
    this.#runs.requireOpen()
    const run = this.#runs.byId.get(id)
    if (run === undefined) return
    checkEnded(id, run.value.state)
    this.#runs.remove(id)
  }

  async keep(id: RunId, change: KeepChange): Promise<Run | undefined> {
    this.#runs.requireOpen()
    const run = this.#runs.byId.get(id)
    if (run === undefined) return undefined
    run.value = { ...run.value, ...keptAfter(run.value, change) }
    this.#runs.change(run, { tasks: [] })
    return run.value
  }

  async marks(id: RunId): Promise<readonly Mark[]> {
    this.#runs.requireOpen()
    const marks = this.#runs.byId.get(id)?.marks ?? new Map<number, Mark>()
    return [...marks.values()].toSorted((a, b) => a.pos - b.pos)
  }

  async mark(id: RunId, { pos, time, by }: MarkChange): Promise<readonly Mark[]> {
    this.#runs.requireOpen()
    const { marks } = this.#runs.require(id)
    if (time === null) marks.delete(pos)
    else if (!marks.has(pos)) {
      checkMarks(id, marks.size)
      marks.set(pos, { pos, time, ...(by !== undefined && { by }) })
    }
    return this.marks(id)
  }

  async acquire(id: RunId, owner: string, epoch: number): Promise<AcquiredRun | undefined> {
    this.#runs.requireOpen()
    const run = this.#runs.require(id)
    if (run.value.epoch !== epoch) return undefined
    run.owner = owner
    const start = { epoch: epoch + 1, from: run.value.next }
    const epochs = withEpoch(run.value.epochs, start, limits.epochsMax)
    run.value = { ...run.value, epoch: start.epoch, epochs, reset: start }
    this.#runs.change(run, { tasks: [] })
    return { run: run.value, progress: new Map(run.progress) }
  }
}

/** New values of tasks, but for how far they are. */
function withOffsetsOf(stored: readonly Task[], changed: readonly Task[]): Task[] {
  return changed.map((task) => {
    const { outBytes, errBytes } = stored.find(({ id }) => id === task.id) ?? task
    return { ...task, outBytes, errBytes }
  })
}
