/** One live run: its writer, its tasks within the fan-out limit, and its end. */
import { knowsEpoch } from '../../shared/epochs.ts'
import { type AppError, sentenceOf } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { Answer } from '../../shared/question.ts'
import { isFinal, outcomeOf, type Run, type Task } from '../../shared/run.ts'
import { parametersOn, sourceOn } from '../../shared/saved-use.ts'
import type { Secret } from '../../shared/secret.ts'
import { isoTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import type { RunFeed } from '../feed/run-feed.ts'
import { tellFault } from '../log-text.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { RemoteHosts } from '../remote/remote-host.ts'
import type { RunSecrets } from '../secrets/run-secrets.ts'
import type { LogStore, RunChange } from '../store/log-store.ts'
import type { RunCatalog } from '../store/run-catalog.ts'
import { isHeldBack } from './fan-out.ts'
import { modeFor } from './modes/modes.ts'
import { noteGroup, notes } from './notes.ts'
import { Questions } from './questions.ts'
import { taskDestination } from './run-hosts.ts'
import { RunWriter } from './run-writer.ts'
import type { TaskParts } from './task-parts.ts'
import { TaskRunner } from './task-runner.ts'
import { TaskSchedule } from './task-schedule.ts'
import { TaskStates } from './task-states.ts'

export interface ControllerParts {
  readonly log: LogStore
  readonly catalog: RunCatalog
  readonly hosts: RemoteHosts
  readonly clock: Clock
  readonly metrics: Metrics
  readonly newNonce: () => string
  readonly random: () => number
  readonly feed: RunFeed
  /** Tells the log of the process of faults of Farglass itself. */
  readonly say: (text: string) => void
  readonly login?: { readonly password: Secret }
  readonly secrets?: RunSecrets
  /** Another process carries the run on. */
  readonly onFenced: () => void
  /** The run is carried on from a process that is gone. */
  readonly isRecovered: boolean
  /** What the tasks of a recovered run had kept with their lines. */
  readonly progress: ReadonlyMap<number, string>
}

export class RunController {
  readonly #parts: ControllerParts
  readonly #writer: RunWriter
  readonly #states: TaskStates
  readonly #questions: Questions
  readonly #runners: readonly TaskRunner[]
  readonly #schedule: TaskSchedule
  /** Aborts when no further task is to begin. */
  readonly #going = new AbortController()
  #stopped = false
  #isFenced = false
  readonly #leaving: Promise<void>[] = []
  /** Aborts when nobody waits for the hosts any more. */
  #signal: AbortSignal = new AbortController().signal
  #closed: RunChange | undefined

  constructor(run: Run, parts: ControllerParts) {
    this.#parts = parts
    this.#states = new TaskStates(run, parts)
    this.#writer = new RunWriter({
      ...parts,
      run: run.id,
      epoch: run.epoch,
      next: run.next,
      onPause: (reason) => this.#setPaused(sentenceOf(reason)),
      onResume: (reason, ms) => this.#resume(reason, ms),
      onTasks: (tasks) => this.#states.carried(tasks),
      onFenced: () => this.fence(),
      onFailure: (reason) => this.#abandon(reason),
    })
    this.#questions = new Questions(parts.clock)
    const shared: Omit<TaskParts, 'source' | 'parameters'> = {
      ...parts,
      writer: this.#writer,
      states: this.#states,
      questions: this.#questions,
      merged: run.merged,
      moved: () => {
        if (run.plan.taskTimeoutMs !== null) this.#schedule.look()
      },
      closing: (last) => this.#closing(last),
    }
    this.#runners = run.tasks
      .filter(({ state }) => !isFinal(state))
      .map((task) => {
        const isRecovered = parts.isRecovered && !isHeldBack(run, task)
        const own = { source: sourceOn(task.host, run), parameters: parametersOn(task.host, run) }
        return new TaskRunner(task, taskDestination(task), { ...shared, ...own, isRecovered })
      })
    this.#schedule = new TaskSchedule(run, {
      clock: parts.clock,
      tasks: () => this.#tasks(),
      runners: this.#runners,
      isRecovered: parts.isRecovered,
      canWait: modeFor(run.source, run.mode).resume !== undefined,
      record: (tasks) => this.#record(tasks),
      carry: async (runner) => {
        await runner.run()
        this.#leaving.push(runner.leave(this.#signal))
      },
    })
  }

  get feed(): RunFeed {
    return this.#parts.feed
  }

  /**
   * Resolves when every task is final and the run's end is stored, or when what is left of it is
   * parked; a store that refuses the end is asked again until the signal aborts, and a run that
   * nothing can be stored of stays in sight until then. Never rejects.
   */
  async run(signal: AbortSignal): Promise<void> {
    this.#setState(this.#stopped ? 'stopping' : 'running')
    this.#signal = signal
    await this.#schedule.run()
    this.#states.close()
    if (this.#isFenced) return
    if (this.#runners.every(({ task }) => isFinal(task.state))) await this.#end(signal)
    else await this.#writer.settled().catch(() => aborted(signal))
  }

  async #end(signal: AbortSignal): Promise<void> {
    const { feed } = this.#parts
    const { failure } = this.#writer
    // What could not be stored has changed how the tasks end.
    const end = failure === undefined ? (this.#closed ?? this.#change()) : this.#change()
    feed.end({ ...feed.run, ...end, paused: null })
    if (failure !== undefined) await this.#storeEnd(end, signal)
  }

  /** After `run`: resolves when nothing is under way on the hosts any more. Never rejects. */
  async left(): Promise<void> {
    await Promise.all(this.#leaving)
  }

  /** Asks every task for its end. Throws why nothing of it could be stored. */
  stop(graceMs: number): void {
    const { failure } = this.#writer
    if (failure !== undefined && this.#parts.feed.run.state !== 'ended') throw failure
    this.#setStopped()
    this.#schedule.stop(graceMs)
  }

  #setStopped(): void {
    this.#stopped = true
    if (this.#parts.feed.run.state !== 'ended') this.#setState('stopping')
  }

  /** Farglass is going: what its host keeps is read on by the next one, the rest is stopped. */
  close(graceMs: number): void {
    // A store that has no room now is not waited for any more.
    this.#writer.giveUp()
    this.#going.abort()
    const isOpen = this.#runners.some(({ task }) => !isFinal(task.state))
    const isReadOn = this.#schedule.close(graceMs)
    if (!isReadOn && isOpen) this.#setStopped()
  }

  /**
   * Another process carries the run on. Its viewers here are let go to the feed of that; what the
   * hosts keep is left alone there, and what lives by our sessions ends with them.
   */
  fence(): void {
    if (this.#isFenced) return
    this.#isFenced = true
    this.#states.close()
    this.#parts.feed.detach()
    this.#writer.fence()
    this.#going.abort()
    this.#schedule.fence()
    this.#parts.onFenced()
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
    // A disk that has no room here has none for the next lines either, and that is reported.
    catalog.save({ run: id, epoch, tasks: [], state: change }).catch(() => undefined)
  }

  #setPaused(paused: string | null): void {
    const { feed } = this.#parts
    feed.setRun({ ...feed.run, paused })
  }

  /** What its host keeps is left alone there, to be read on by the next process; the rest is ended. */
  #abandon(error: AppError): void {
    tellFault(this.#parts.say, `Run ${this.feed.run.id} cannot be stored`, error)
    this.#setPaused(
      `${error.message} What its hosts keep is read on when Farglass is started again.`,
    )
    this.#going.abort()
    this.#schedule.close(limits.stopGraceMs)
  }

  /** Asked again until the store has it; false when this process is going, or has lost the run. */
  async #record(tasks: readonly Task[]): Promise<boolean> {
    const { log, catalog, clock, feed } = this.#parts
    const { id, epoch } = feed.run
    const { signal } = this.#going
    while (!signal.aborted) {
      try {
        await catalog.save({ run: id, epoch, tasks })
        // From who has lost the run it was not taken, without a word.
        const now = (await log.bounds(id)).epoch
        if (now !== 0 && !knowsEpoch(feed.run, now)) this.fence()
        if (!signal.aborted) this.#states.carried(tasks)
        return !signal.aborted
      } catch {
        await clock.sleep(limits.storeRetryMs, signal)
      }
    }
    return false
  }

  /** Whoever reads the history sees why the lines of these tasks came late. */
  #resume(reason: AppError, ms: number): void {
    this.#setPaused(null)
    const { state } = this.#parts.feed.run
    // That change may have been refused too.
    if (state === 'running' || state === 'stopping') this.#setState(state)
    const time = this.#parts.clock.now()
    for (const { task } of this.#runners) {
      if (task.startedAt === null || isFinal(task.state)) continue
      const group = noteGroup(task.id, notes.resumed(reason, ms), time)
      this.#writer.write({ group, task })
    }
  }

  /** All tasks as they are now; those that ended before the run was recovered have no runner. */
  #tasks(): Task[] {
    const carried = new Map(this.#runners.map(({ task }) => [task.id, task]))
    return this.#parts.feed.run.tasks.map((task) => carried.get(task.id) ?? task)
  }

  /** The task that ends last carries the run's end, so both are stored with the last row. */
  #closing(last: Task): RunChange | undefined {
    const others = this.#runners.filter((runner) => runner.task.id !== last.id)
    if (!others.every((runner) => isFinal(runner.task.state))) return undefined
    this.#closed = this.#change()
    return this.#closed
  }

  #change(): RunChange {
    const tasks = this.#tasks()
    const endedAt = isoTime(this.#parts.clock.now())
    return { state: 'ended', outcome: outcomeOf(tasks, this.#stopped), endedAt }
  }

  /**
   * The writer has given up, and perhaps the disk is still full: until there is room, this process
   * alone knows the end. If it stops before, the next start finds the run unfinished and says so.
   */
  async #storeEnd(state: RunChange, signal: AbortSignal): Promise<void> {
    do {
      try {
        await this.#appendEnd(state)
        return
      } catch {
        await this.#parts.clock.sleep(limits.storeRetryMs, signal)
      }
    } while (!signal.aborted)
  }

  /** With a note behind the last stored line, so that the history too says why it ends there. */
  async #appendEnd(state: RunChange): Promise<void> {
    const { log, catalog, feed, clock } = this.#parts
    const { id, epoch } = feed.run
    const tasks = this.#tasks()
    const time = clock.now()
    const groups = tasks
      .filter((task) => task.code === this.#writer.failure?.code)
      .map((task) => noteGroup(task.id, `${task.state}: ${task.message ?? ''}`, time))
    if (groups.length > 0) {
      const pos = this.#writer.committed
      const result = await log.append({ run: id, epoch, pos, groups, tasks, state })
      if (result.kind === 'stored') return
    }
    await catalog.save({ run: id, epoch, tasks, state })
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
