/** The one writer of a live run: gives positions, appends batches, and publishes what is committed. */
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { LineGroup, PlacedGroup } from '../../shared/line-group.ts'
import type { RunId, Task } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import type { RunFeed } from '../feed/run-feed.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Append, AppendResult, LogStore, RunChange, TaskProgress } from '../store/log-store.ts'
import { countStored } from './stored-figures.ts'

/** Lines of a task with the task's values as they are once the lines are stored. */
export interface TaskLines {
  readonly group: LineGroup
  readonly task: Task
  /** Values of the run itself that change with these lines. */
  readonly state?: RunChange
  /** Where the task goes on reading after these lines, see `TaskProgress`. */
  readonly progress?: string
}

export interface RunWriterParts {
  readonly run: RunId
  readonly epoch: number
  readonly next: number
  readonly log: LogStore
  readonly feed: RunFeed
  readonly clock: Clock
  readonly metrics: Metrics
  /** The store has no room now; what was written waits for it. */
  readonly onPause?: (reason: AppError) => void
  /** Everything that waited is stored. */
  readonly onResume?: (reason: AppError, pausedMs: number) => void
  /** These values of tasks were given to the store with lines. */
  readonly onTasks?: (tasks: readonly Task[]) => void
  /** Another process has taken the run over. */
  readonly onFenced?: () => void
  /** Nothing more can be stored. */
  readonly onFailure?: (reason: AppError) => void
}

/**
 * While nothing is under way a write is appended at once; meanwhile writes gather, so one sync
 * carries more lines the slower the disk is. What is not committed is bounded: `ready` holds the
 * tasks back. A refusal that can pass is a pause: the same batches are offered again, at their
 * positions, until they are stored. Any other fails the writer for good: the run then ends. Nothing
 * uncommitted is ever shown.
 */
export class RunWriter {
  readonly #parts: RunWriterParts
  #next: number
  #waiting: TaskLines[] = []
  #waitingBytes = 0
  #underWay = 0
  /** Batches that the store had no room for, in the order of their positions. */
  #refused: Append[] = []
  #pause: Pause | undefined
  #cancelRetry: (() => void) | undefined
  #mayPause = true
  #uncommittedBytes = 0
  #written = 0
  #committed = 0
  #settling: { readonly lines: number; readonly done: () => void }[] = []
  #room: (() => void)[] = []
  #failure: AppError | undefined

  constructor(parts: RunWriterParts) {
    this.#parts = parts
    this.#next = parts.next
  }

  /** Why no more lines can be stored, if so. */
  get failure(): AppError | undefined {
    return this.#failure
  }

  /** Position after the last line that is known to be stored. */
  get committed(): number {
    return this.#parts.next + this.#committed
  }

  write(lines: TaskLines): void {
    if (this.#failure !== undefined) return
    this.#waiting.push(lines)
    this.#written += lines.group.count
    this.#waitingBytes += lines.group.bytes.length
    this.#uncommittedBytes += lines.group.bytes.length
    if (this.#pause !== undefined) return
    if (this.#underWay === 0 || this.#waitingBytes >= limits.batchBytesMax) this.#append()
  }

  /** Whether the tasks should pause until `ready`. */
  get full(): boolean {
    return (
      this.#failure !== undefined ||
      this.#pause !== undefined ||
      this.#uncommittedBytes > limits.uncommittedBytesMax
    )
  }

  /** Resolves when the writer has room again; at once while it has. Rejects when it has failed. */
  async ready(): Promise<void> {
    while (this.#failure === undefined && this.full) {
      await new Promise<void>((resolve) => this.#room.push(resolve))
    }
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Resolves when everything written so far is committed. Rejects when it could not be. */
  async settled(): Promise<void> {
    const lines = this.#written
    if (this.#failure === undefined && this.#committed < lines) {
      await new Promise<void>((done) => this.#settling.push({ lines, done }))
    }
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Waits for room no longer, as the process is about to end: a pause is then a failure. */
  giveUp(): void {
    this.#mayPause = false
    if (this.#pause === undefined) return
    this.#end(this.#pause.reason)
    this.#wake()
  }

  /** Another process carries the run: nothing of what waits is stored any more. */
  fence(): void {
    this.#end(fencedOff(this.#parts.run))
    this.#wake()
  }

  #leave(): void {
    if (this.#failure !== undefined) return
    this.#end(fencedOff(this.#parts.run))
    this.#parts.onFenced?.()
  }

  #append(): void {
    const batches = cutBatches(this.#waiting)
    this.#waiting = []
    this.#waitingBytes = 0
    for (const batch of batches) void this.#store(this.#toAppend(batch))
  }

  async #store(append: Append): Promise<void> {
    const { log, clock, metrics } = this.#parts
    const startMs = clock.elapsed()
    this.#underWay += 1
    try {
      const result = await log.append(append)
      metrics.observe('farglass_commit_seconds', (clock.elapsed() - startMs) / 1_000)
      this.#take(append, result)
    } catch (error) {
      metrics.add('farglass_commit_failures_total')
      this.#refuse(append, storeFailure(error))
    }
    this.#underWay -= 1
    if (this.#underWay === 0 && this.#failure === undefined) this.#goOn()
    this.#wake()
  }

  #take(append: Append, result: AppendResult): void {
    const reason = this.#pause?.reason
    // It was on its way when the one before it was refused: refused as well.
    if (result.kind === 'gap' && reason !== undefined) return this.#refuse(append, reason)
    if (result.kind === 'fenced') {
      this.#parts.metrics.add('farglass_fenced_writes_total')
      return this.#leave()
    }
    const refusal = refusalOf(append, result)
    if (refusal === undefined) this.#publish(append)
    else this.#fail(refusal)
  }

  #refuse(append: Append, reason: AppError): void {
    if (this.#failure !== undefined) return
    if (!this.#mayPause || !passing.includes(reason.code)) return this.#fail(reason)
    this.#refused.push(append)
    if (this.#pause !== undefined) return
    this.#pause = { reason, since: this.#parts.clock.elapsed() }
    this.#parts.onPause?.(reason)
  }

  /** The store has answered everything that it was given. */
  #goOn(): void {
    const pause = this.#pause
    if (this.#refused.length > 0) {
      this.#cancelRetry = this.#parts.clock.after(limits.storeRetryMs, () => this.#offerAgain())
    } else if (pause !== undefined) {
      this.#pause = undefined
      this.#parts.onResume?.(pause.reason, this.#parts.clock.elapsed() - pause.since)
    }
    const isFree = this.#pause === undefined && this.#underWay === 0
    if (isFree && this.#waiting.length > 0) this.#append()
  }

  #offerAgain(): void {
    for (const append of this.#refused.splice(0)) void this.#store(append)
  }

  #fail(failure: AppError): void {
    if (this.#failure !== undefined) return
    this.#end(failure)
    this.#parts.onFailure?.(failure)
  }

  #end(failure: AppError): void {
    this.#failure ??= failure
    this.#cancelRetry?.()
    this.#refused = []
    this.#waiting = []
  }

  /** Those who waited look again. */
  #wake(): void {
    for (const resolve of this.#room.splice(0)) resolve()
    this.#settle()
  }

  #toAppend(batch: readonly TaskLines[]): Append {
    const pos = this.#next
    const tasks = new Map<number, Task>()
    const progress = new Map<number, string>()
    let state: RunChange | undefined
    for (const lines of batch) {
      this.#next += lines.group.count
      tasks.set(lines.task.id, lines.task)
      if (lines.progress !== undefined) progress.set(lines.task.id, lines.progress)
      state = lines.state ?? state
    }
    const values = [...tasks.values()]
    this.#parts.onTasks?.(values)
    return {
      run: this.#parts.run,
      epoch: this.#parts.epoch,
      pos,
      groups: batch.map((lines) => lines.group),
      tasks: values,
      ...(state === undefined ? {} : { state }),
      ...(progress.size === 0 ? {} : { progress: toProgress(progress) }),
    }
  }

  #settle(): void {
    const failed = this.#failure !== undefined
    while (failed || (this.#settling[0]?.lines ?? Number.POSITIVE_INFINITY) <= this.#committed) {
      const settled = this.#settling.shift()
      if (settled === undefined) return
      settled.done()
    }
  }

  /** Appends resolve in the order of the calls, so lines are published in order. */
  #publish(append: Append): void {
    let { pos } = append
    const placed: PlacedGroup[] = []
    for (const group of append.groups) {
      placed.push({ ...group, pos })
      pos += group.count
      this.#committed += group.count
      this.#uncommittedBytes -= group.bytes.length
    }
    countStored(this.#parts.metrics, placed)
    this.#parts.feed.publish(placed)
  }
}

/** Codes of refusals that leave the log as it was and end without anybody starting anything anew. */
const passing: readonly ErrorCode[] = ['disk-full', 'store-busy']

interface Pause {
  readonly reason: AppError
  /** Steady clock. */
  readonly since: number
}

function cutBatches(waiting: readonly TaskLines[]): TaskLines[][] {
  const batches: TaskLines[][] = []
  let open: TaskLines[] = []
  let bytes = 0
  let count = 0
  for (const lines of waiting) {
    bytes += lines.group.bytes.length
    count += lines.group.count
    if (open.length > 0 && (bytes > limits.batchBytesMax || count > limits.batchLinesMax)) {
      batches.push(open)
      open = []
      bytes = lines.group.bytes.length
      count = lines.group.count
    }
    open.push(lines)
  }
  if (open.length > 0) batches.push(open)
  return batches
}

function toProgress(values: ReadonlyMap<number, string>): TaskProgress[] {
  return [...values].map(([task, value]) => ({ task, value }))
}

/** A duplicate is a retry that was stored already: as good as stored. */
function refusalOf(append: Append, result: AppendResult): AppError | undefined {
  if (result.kind !== 'gap') return undefined
  return new AppError(
    'store-failed',
    `The log of run ${append.run} ends at ${result.next}, but lines from ${append.pos} on were to follow.`,
  )
}

function fencedOff(run: RunId): AppError {
  return new AppError('conflict', `Run ${run} was taken over by another Farglass process.`)
}

function storeFailure(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError('store-failed', 'The store could not take more lines.', { cause: error })
}
