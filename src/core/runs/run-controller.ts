/** One live run: its writer, its tasks within the fan-out limit, and its end. */
import { parseTarget } from '../../shared/destination.ts'
import type { Answer } from '../../shared/question.ts'
import { isFinal, outcomeOf, type Run, type Task } from '../../shared/run.ts'
import type { Secret } from '../../shared/secret.ts'
import { isoTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import type { RunFeed } from '../feed/run-feed.ts'
import type { RemoteHosts } from '../remote/remote-host.ts'
import type { LogStore, RunChange } from '../store/log-store.ts'
import type { RunCatalog } from '../store/run-catalog.ts'
import type { RunMode } from './modes/run-mode.ts'
import { Questions } from './questions.ts'
import { RunWriter } from './run-writer.ts'
import { type TaskParts, TaskRunner } from './task-runner.ts'

export interface ControllerParts {
  readonly log: LogStore
  readonly catalog: RunCatalog
  readonly hosts: RemoteHosts
  readonly clock: Clock
  readonly newNonce: () => string
  readonly mode: RunMode
  readonly feed: RunFeed
  readonly fanout: number
  readonly login?: { readonly password: Secret }
}

export class RunController {
  readonly #parts: ControllerParts
  readonly #writer: RunWriter
  readonly #questions: Questions
  readonly #runners: readonly TaskRunner[]
  #stopped = false
  #closed: RunChange | undefined

  constructor(run: Run, parts: ControllerParts) {
    this.#parts = parts
    this.#writer = new RunWriter({ ...parts, run: run.id, epoch: run.epoch, next: run.next })
    this.#questions = new Questions(parts.clock)
    const shared: TaskParts = {
      ...parts,
      writer: this.#writer,
      questions: this.#questions,
      command: run.source.command,
      merged: run.merged,
      closing: (last) => this.#closing(last),
    }
    const destinations = parseTarget(run.target)
    this.#runners = run.tasks.flatMap((task, index) => {
      const destination = destinations[index]
      return destination === undefined ? [] : new TaskRunner(task, destination, shared)
    })
  }

  get feed(): RunFeed {
    return this.#parts.feed
  }

  /** Resolves when every task is final and the run's end is stored (or cannot be). Never rejects. */
  async run(): Promise<void> {
    const { feed } = this.#parts
    this.#setState(this.#stopped ? 'stopping' : 'running')
    const waiting = [...this.#runners]
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next.run()
    }
    await Promise.all(Array.from({ length: this.#parts.fanout }, work))
    const end = this.#closed ?? this.#change()
    const { failure } = this.#writer
    if (failure !== undefined) await this.#saveEnd(end)
    feed.end({ ...feed.run, ...end })
  }

  /** Asks every task for its end. */
  stop(graceMs: number): void {
    this.#stopped = true
    if (this.#parts.feed.run.state !== 'ended') this.#setState('stopping')
    for (const runner of this.#runners) runner.stop(graceMs)
  }

  answer(task: number, answer: Answer): void {
    this.#questions.answer(task, answer)
  }

  /** Stored too, for lists by state and for other processes; no line waits for it. */
  #setState(state: 'running' | 'stopping'): void {
    const { catalog, feed } = this.#parts
    feed.setRun({ ...feed.run, state })
    // The end is on its way to the store and must stay the last word.
    if (this.#closed !== undefined) return
    const { id, epoch } = feed.run
    const change = { state, outcome: null, endedAt: null }
    // A disk that fails here also fails the next lines, and is reported there.
    catalog.save({ run: id, epoch, tasks: [], state: change }).catch(() => undefined)
  }

  /** The task that ends last carries the run's end, so both are stored with the last row. */
  #closing(last: Task): RunChange | undefined {
    const others = this.#runners.filter((runner) => runner.task.id !== last.id)
    if (!others.every((runner) => isFinal(runner.task.state))) return undefined
    this.#closed = this.#change()
    return this.#closed
  }

  #change(): RunChange {
    const tasks = this.#runners.map((runner) => runner.task)
    const endedAt = isoTime(this.#parts.clock.now())
    return { state: 'ended', outcome: outcomeOf(tasks, this.#stopped), endedAt }
  }

  /** The log takes no more lines; perhaps the catalog still takes the end. */
  async #saveEnd(state: RunChange): Promise<void> {
    const { catalog, feed } = this.#parts
    const tasks = this.#runners.map((runner) => runner.task)
    try {
      await catalog.save({ run: feed.run.id, epoch: feed.run.epoch, tasks, state })
    } catch {
      // The disk is gone: the next start of Farglass finds the run unfinished and says so.
    }
  }
}
