/**
 * A disk with two parts: what is handed to it waits in a queue that a crash empties, and is durable
 * once a commit has taken it. Commits take a random time, can be refused, and their answers can get lost.
 */
import type { Append, AppendResult, LogStore } from '../../src/core/store/log-store.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import type { CatalogChange, RunCatalog } from '../../src/core/store/run-catalog.ts'
import { AppError, toAppError } from '../../src/shared/errors.ts'
import type { Run, RunId } from '../../src/shared/run.ts'
import type { SimulatedProcess, SimulatedTime } from './simulated-time.ts'

export interface DiskFaults {
  /** Chance that an append is refused as another process holds the lock. */
  readonly busy: number
  /** Chance that a batch is stored, but that its writer hears it was refused. */
  readonly lostAnswer: number
  /** Chance that a read fails. */
  readonly readFailure: number
  /** Chance that a commit takes a second and not a moment. */
  readonly slow: number
}

/** What the disk tells of each change, when it is durable and before anybody hears of it. */
export interface DiskWatch {
  created(run: Run): void
  appended(append: Append, result: AppendResult): void
  saved(change: CatalogChange): void
}

interface Write {
  readonly process: SimulatedProcess
  readonly kind: 'append' | 'other'
  readonly run: RunId | null
  readonly work: () => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: AppError) => void
}

export interface DiskPorts {
  readonly log: LogStore
  readonly catalog: RunCatalog
}

export class SimulatedDisk {
  /** The durable part. */
  readonly durable: DiskPorts = createMemoryStore()
  readonly #time: SimulatedTime
  readonly #faults: DiskFaults
  readonly #watch: DiskWatch
  #queue: Write[] = []
  #isCommitting = false
  /** When the last answer to a process will be there. */
  readonly #answeredAt = new Map<SimulatedProcess, number>()
  isFull = false
  commits = 0
  refusals = 0

  constructor(time: SimulatedTime, faults: DiskFaults, watch: DiskWatch) {
    this.#time = time
    this.#faults = faults
    this.#watch = watch
  }

  /** The ports as one process has them. */
  open(process: SimulatedProcess): DiskPorts {
    const { log, catalog } = this.durable
    const write = <T>(run: RunId | null, work: () => Promise<T>, kind: Write['kind'] = 'other') =>
      this.#write<T>({ process, kind, run, work })
    const read = <T>(work: () => Promise<T>) => this.#read(process, work)
    const append = (batch: Append): Promise<AppendResult> => {
      // The writer may use its buffers again.
      const copy = structuredClone(batch)
      return write(batch.run, () => this.#append(copy), 'append')
    }
    const save = (change: CatalogChange) =>
      write(change.run, async () => {
        await catalog.save(change)
        const run = await catalog.get(change.run)
        if (run?.epoch !== change.epoch) return
        const tasks = run.tasks.filter((task) => change.tasks.some(({ id }) => id === task.id))
        this.#watch.saved({ ...change, tasks })
      })
    return {
      log: {
        append,
        read: (...args) => read(() => log.read(...args)),
        bounds: (run) => read(() => log.bounds(run)),
        drop: (run) => write(run, () => log.drop(run)),
        [Symbol.asyncDispose]: async () => undefined,
      },
      catalog: {
        create: (...args) =>
          write(null, async () => {
            const made = await catalog.create(...args)
            if (made.kind === 'created') this.#watch.created(made.run)
            return made
          }),
        save,
        remove: (run) => write(run, () => catalog.remove(run)),
        acquire: (...args) => write(args[0], () => catalog.acquire(...args)),
        get: (run) => read(() => catalog.get(run)),
        list: (query) => read(() => catalog.list(query)),
        listed: (query) => read(() => catalog.listed(query)),
        lastRuns: (limit) => read(() => catalog.lastRuns(limit)),
        keep: (run, change) => write(run, () => catalog.keep(run, change)),
        marks: (run) => read(() => catalog.marks(run)),
        mark: (...args) => write(args[0], () => catalog.mark(...args)),
        unfinished: () => read(() => catalog.unfinished()),
      },
    }
  }

  /** The process is gone: what it had queued is lost, but for what the last transaction just took. */
  async crash(process: SimulatedProcess): Promise<void> {
    const own = this.#queue.filter((write) => write.process === process)
    this.#queue = this.#queue.filter((write) => write.process !== process)
    if (this.isFull || !this.#time.chance(0.5)) return
    for (const write of own.slice(0, this.#time.random.between(0, own.length))) await write.work()
  }

  async #append(append: Append): Promise<AppendResult> {
    const result = await this.durable.log.append(append)
    this.#watch.appended(append, result)
    return result
  }

  #write<T>(write: Omit<Write, 'resolve' | 'reject'>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // The answer is what the work gives, as `work` was made beside it.
      this.#queue.push({ ...write, resolve: (value) => resolve(value as T), reject })
      this.#plan()
    })
  }

  #plan(): void {
    if (this.#isCommitting || this.#queue.length === 0) return
    this.#isCommitting = true
    const isSlow = this.#time.chance(this.#faults.slow)
    const ms = isSlow ? this.#time.between(300, 1_500) : this.#time.between(0.2, 25)
    this.#time.after(ms, () => void this.#commit())
  }

  /** One transaction takes everything that is queued, or the first part of it. */
  async #commit(): Promise<void> {
    const count = this.#time.chance(0.7)
      ? this.#queue.length
      : this.#time.random.between(1, Math.max(1, this.#queue.length))
    const writes = this.#queue.splice(0, count)
    this.commits += 1
    for (let next = writes.shift(); next !== undefined; next = writes.shift()) {
      await this.#settle(next, writes)
    }
    this.#isCommitting = false
    this.#plan()
  }

  async #settle(write: Write, later: readonly Write[]): Promise<void> {
    const { process, resolve, reject } = write
    const refusal = this.#refusal(write)
    if (refusal !== null) {
      this.refusals += 1
      this.#answer(process, () => reject(refusal))
      return
    }
    try {
      const value = await write.work()
      if (this.#losesAnswer(write, later)) this.#answer(process, () => reject(busy()))
      else this.#answer(process, () => resolve(value))
    } catch (thrown) {
      this.#answer(process, () => reject(toAppError(thrown)))
    }
  }

  /** Answers come in the order of the calls. */
  #answer(process: SimulatedProcess, answer: () => void): void {
    const at = Math.max(
      this.#answeredAt.get(process) ?? 0,
      this.#time.now + this.#time.between(0, 3),
    )
    this.#answeredAt.set(process, at)
    process.after(at - this.#time.now, answer)
  }

  #refusal({ kind }: Write): AppError | null {
    if (this.isFull) return new AppError('disk-full', 'The disk is full.')
    return kind === 'append' && this.#time.chance(this.#faults.busy) ? busy() : null
  }

  /** Only of a batch that nothing of its run follows: for another one the port forbids it. */
  #losesAnswer({ kind, run, process }: Write, later: readonly Write[]): boolean {
    if (kind !== 'append' || !this.#time.chance(this.#faults.lostAnswer)) return false
    const after = [...later, ...this.#queue]
    return !after.some((other) => other.run === run && other.process === process)
  }

  #read<T>(process: SimulatedProcess, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      process.after(this.#time.between(0.1, 8), () => {
        if (this.#time.chance(this.#faults.readFailure)) {
          reject(new AppError('store-failed', 'A read of the store failed.'))
          return
        }
        work().then(
          (value) => process.after(this.#time.between(0, 4), () => resolve(value)),
          reject,
        )
      })
    })
  }
}

function busy(): AppError {
  return new AppError('store-busy', 'Another process holds the store.')
}
