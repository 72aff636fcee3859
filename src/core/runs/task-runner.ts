/** Carries one task to a final state: connects, starts, reads, connects again when it is cut, and ends it. */
import type { Destination } from '../../shared/destination.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { Question } from '../../shared/question.ts'
import type { Task } from '../../shared/run.ts'
import { isoTime } from '../../shared/time.ts'
import { tellFault } from '../log-text.ts'
import {
  afterFailure,
  connected,
  disconnected,
  notConnected,
  type Reconnect,
  retryDelayMs,
} from '../remote/reconnect.ts'
import type { AskedQuestion, ConnectRequest } from '../remote/remote-host.ts'
import { exitNote } from './exit-note.ts'
import { heldOf } from './held-task.ts'
import { KeptTeller } from './kept-teller.ts'
import { endLeftover } from './leftover.ts'
import { isLast, type LastEvent } from './modes/last-event.ts'
import { modeFor } from './modes/modes.ts'
import type { HeldGroup, RunMode, RunningSource, SourceEvent, StopProof } from './modes/run-mode.ts'
import { notes } from './notes.ts'
import { TaskConnection } from './task-connection.ts'
import { givenUp, nobodyIsAsked, stoppedBeforeStart } from './task-errors.ts'
import { TaskOutput } from './task-output.ts'
import type { TaskParts } from './task-parts.ts'
import { nextTask, type TaskEvent } from './task-state.ts'

type End = Extract<TaskEvent, { kind: 'finished' | 'failed' | 'lost' }>
/** One connection's worth: an end, or the way back is to be tried. */
type Way = End | { readonly kind: 'cut'; readonly error: AppError } | { readonly kind: 'again' }

export class TaskRunner {
  readonly #parts: TaskParts
  readonly #connection: TaskConnection
  readonly #output: TaskOutput
  readonly #kept: KeptTeller
  /** Ends waiting and connecting: stopped before the start, given up, or parked. */
  #abort = new AbortController()
  #task: Task
  #mode: RunMode
  #reconnect: Reconnect = notConnected
  /** A session was opened, so the source may have been started. */
  #mayRun: boolean
  /** Sessions that were opened before the source was heard of; a host that is away opens none. */
  #unheard = 0
  /** Why the host could not be reached the last time. */
  #away: AppError | undefined
  #isParked = false
  #stopGraceMs: number | undefined
  /** Why it is ended or never started, unless a person has stopped it. */
  #why: AppError | undefined
  #stopping: Promise<StopProof> | undefined
  #startedMs: number | undefined
  #cancelNote: (() => void) | undefined

  constructor(task: Task, destination: Destination, parts: TaskParts) {
    this.#task = task
    this.#connection = new TaskConnection(destination, parts)
    this.#parts = parts
    this.#mode = modeFor(parts.source, task.mode)
    this.#mayRun = parts.isRecovered
    this.#output = new TaskOutput(parts, parts.progress.get(task.id))
    this.#kept = new KeptTeller(parts.writer)
  }

  get task(): Task {
    return this.#task
  }

  /** Resolves when the task is in a final state and that is written, or when it is parked. Never rejects. */
  async run(): Promise<void> {
    const end = await this.#carry()
    this.#cancelNote?.()
    if (end === undefined) return this.#output.drop()
    if (end.kind !== 'finished') this.#tellFault(end.error)
    this.#task = this.#output.finish(this.#task)
    if (this.#stopping !== undefined) {
      this.#output.note(this.#task, notes.stopped(await this.#stopping))
    }
    const before = this.#task
    const why = end.kind === 'finished' && this.#why !== undefined ? { error: this.#why } : {}
    this.#task = nextTask(before, { ...end, ...why })
    const note =
      end.kind === 'finished'
        ? exitNote(this.#task, this.#startedMs, this.#parts.clock)
        : notes[end.kind](end.error)
    const state = this.#parts.closing(this.#task)
    this.#output.note(this.#task, note, state)
    try {
      await this.#parts.writer.settled()
    } catch (thrown) {
      if (this.#mode.resume !== undefined) {
        // Its host keeps all of it: the next process reads on after what is stored, to the same end.
        this.#task = before
        return
      }
      // Nobody can tell what is missing, so an exit code of 0 must not stand for success.
      if (end.kind === 'finished') this.#task = nextTask(before, this.#broken(toAppError(thrown)))
    }
    this.#parts.feed.setTask(this.#task)
  }

  /**
   * Lets go of the host; what it keeps of the task is removed there when all of it is stored, and
   * what a broken session has left running there is ended. Call after `run`.
   */
  async leave(signal: AbortSignal): Promise<void> {
    const leftover = (await this.#isLeft()) ? this.#connection.running?.leftover?.() : undefined
    await this.#connection.close()
    if (leftover === undefined) return
    const connect = (until: AbortSignal) =>
      this.#connection.reach(() => Promise.reject(nobodyIsAsked()), until)
    await endLeftover(leftover, { ...this.#parts, connect }, signal)
  }

  /** Whether its host still keeps what is stored, or may still run what a broken session had started. */
  async #isLeft(): Promise<boolean> {
    const { state } = this.#task
    if (state === 'ended') return (await this.#connection.running?.release?.()) === false
    return state === 'lost' && this.#mode.resume === undefined
  }

  /**
   * Ends the task: at once while nothing runs yet, else TERM, KILL and proof. While the host is away
   * the wish is kept; asked a second time then, the task is given up.
   */
  stop(graceMs: number): void {
    const isSecond = this.#stopGraceMs !== undefined
    this.#stopGraceMs ??= graceMs
    const { running } = this.#connection
    if (running !== undefined) this.#end(running)
    else if (!this.#mayRun || isSecond) this.#abort.abort()
    else this.#change({ kind: 'stopping' })
  }

  /** It has no turn any more: `run` ends it at once, without a start. */
  refuse(why: AppError): void {
    this.#why ??= why
    this.#abort.abort()
  }

  /** Its time is over: it is stopped as by a person, and says why. */
  expire(why: AppError): void {
    if (this.#stopGraceMs !== undefined || this.#why !== undefined) return
    this.#why = why
    if (this.#mayRun) this.#output.note(this.#task, notes.timedOut(why))
    this.stop(limits.stopGraceMs)
  }

  /** Whether it has been told to end before anything ran. */
  get isStopped(): boolean {
    return this.#abort.signal.aborted
  }

  /** Farglass is going: what can be read on later is left alone on its host (true), the rest is stopped. */
  close(graceMs: number): boolean {
    if (this.#mode.resume === undefined || !this.#mayRun) {
      this.stop(graceMs)
      return false
    }
    this.#isParked = true
    this.#abort.abort()
    void this.#connection.running?.[Symbol.asyncDispose]()
    return true
  }

  #end(running: RunningSource): void {
    if (this.#stopping !== undefined) return
    this.#change({ kind: 'stopping' })
    this.#stopping = running.stop(this.#stopGraceMs ?? limits.stopGraceMs)
  }

  /** Undefined when the task is parked. */
  async #carry(): Promise<End | undefined> {
    for (;;) {
      const way = await this.#connectAndRead()
      if (this.#isParked) return undefined
      if (way.kind === 'again') continue
      if (way.kind !== 'cut') return way
      const end = await this.#waitForHost(way.error)
      if (this.#isParked) return undefined
      if (end !== undefined) return end
    }
  }

  async #connectAndRead(): Promise<Way> {
    try {
      if (this.#abort.signal.aborted) throw stoppedBeforeStart()
      if (this.#reconnect.lostAt === null) this.#change({ kind: 'connecting' })
      const ask: ConnectRequest['ask'] = (question, signal) => this.#ask(question, signal)
      await this.#connection.connect(ask, this.#abort.signal)
      if (this.#abort.signal.aborted) throw stoppedBeforeStart()
      const running = await this.#open()
      this.#mayRun = true
      this.#unheard += 1
      if (this.#isParked) await running[Symbol.asyncDispose]()
      // Asked while the session was being opened, which cannot be taken back.
      else if (this.#stopGraceMs !== undefined) {
        // From here on the first wish asks the host; only a second one gives the task up.
        this.#abort = new AbortController()
        this.#end(running)
      }
      const way = await this.#read(running)
      await this.#stopping // The proof comes over a session of its own, on the same host.
      return way
    } catch (thrown) {
      return this.#notConnected(thrown)
    }
  }

  async #open(): Promise<RunningSource> {
    const { progress } = this.#output
    const isToResume =
      this.#task.startedAt !== null || this.#parts.isRecovered || progress !== undefined
    const ask = (question: AskedQuestion) => this.#ask(question, this.#abort.signal)
    const start = isToResume ? undefined : { host: this.#connection.host, ask }
    const held = await heldOf(this.#task, this.#parts, start)
    const at = { task: this.#task, ...(progress === undefined ? {} : { progress }) }
    return this.#connection.open(this.#mode, held, isToResume ? at : undefined)
  }

  #notConnected(thrown: unknown): Way {
    // Then what was thrown says no more than that somebody has ended the try.
    if (this.#abort.signal.aborted) {
      return this.#broken(this.#mayRun ? givenUp(this.#away) : (this.#why ?? stoppedBeforeStart()))
    }
    const error = toAppError(thrown)
    const isReadOn = this.#mayRun && this.#mode.resume !== undefined
    return isReadOn ? { kind: 'cut', error } : this.#broken(error)
  }

  /** Undefined when it is time for the next try. */
  async #waitForHost(error: AppError): Promise<End | undefined> {
    const { clock, random } = this.#parts
    const isFirst = this.#reconnect.lostAt === null
    this.#away = error
    await this.#connection.close()
    this.#task = this.#output.restart(this.#task)
    this.#reconnect = disconnected(this.#reconnect, clock.elapsed())
    // The wish to stop it is carried out when the host is back.
    if ((await this.#stopping)?.kind === 'unknown') this.#stopping = undefined
    const what = afterFailure(error)
    if (what === 'give-up') return this.#broken(error)
    if (this.#task.startedAt === null && this.#unheard >= limits.startTriesMax) {
      return this.#broken(error)
    }
    const time = this.#time()
    this.#change(
      what === 'refused' ? { kind: 'refused', error, time } : { kind: 'disconnected', time },
    )
    if (isFirst && this.#task.startedAt !== null) {
      this.#output.note(this.#task, notes.disconnected(error, this.#parts.source))
    }
    await clock.sleep(retryDelayMs(this.#reconnect, random()), this.#abort.signal)
    return this.#abort.signal.aborted && !this.#isParked ? this.#broken(givenUp(error)) : undefined
  }

  async #read(running: RunningSource): Promise<Way> {
    for await (const event of running.events) {
      const way = await this.#take(event)
      if (way !== undefined) return way.kind === 'lost' ? this.#ended(way) : way
      if (this.#parts.writer.full) await this.#parts.writer.ready()
      await this.#kept.tell(running, this.#task)
    }
    const error = new AppError('connection-lost', 'The session ended without a word.')
    if (this.#mode.resume !== undefined) return { kind: 'cut', error }
    return this.#ended({ kind: 'lost', error, time: this.#time() })
  }

  async #take(event: SourceEvent): Promise<Way | undefined> {
    if (isLast(event)) return this.#last(event)
    switch (event.kind) {
      case 'bytes':
        this.#task = this.#output.push(this.#task, event.channel, event.bytes)
        return undefined
      case 'started':
        this.#started(event.group)
        return undefined
      case 'resumed':
        this.#resumed()
        return undefined
      case 'entries':
        this.#task = this.#output.entries(this.#task, event)
        return undefined
      case 'exited':
        this.#task = nextTask(this.#task, event)
        this.#noteOpenOutput(event.code)
        return undefined
      case 'gap':
        this.#task = this.#output.gap(this.#task, event)
        return undefined
      case 'note':
        this.#output.note(this.#task, event.text)
        return undefined
      case 'file':
        this.#task = this.#output.follow(this.#task, event.event)
        return undefined
    }
  }

  async #last(event: LastEvent): Promise<Way> {
    switch (event.kind) {
      case 'unsupported':
        return this.#fallBack(event.why)
      case 'finished':
        return { kind: 'finished', time: this.#time() }
      case 'failed':
      case 'lost':
        return { ...event, time: this.#time() }
      case 'cut':
        return event
    }
  }

  #started(group: HeldGroup | undefined): void {
    const { clock } = this.#parts
    this.#output.started(group)
    this.#startedMs = clock.elapsed()
    this.#reconnect = connected(this.#reconnect, clock.elapsed())
    this.#change({ kind: 'started', time: this.#time() })
    this.#output.note(this.#task, notes.connected(this.#task))
  }

  #resumed(): void {
    const { clock, metrics } = this.#parts
    const awayMs = this.#reconnect.lostAt === null ? null : clock.elapsed() - this.#reconnect.lostAt
    this.#reconnect = connected(this.#reconnect, clock.elapsed())
    if (awayMs !== null) metrics.add('farglass_reconnects_total', 1)
    // The first answer of a source that was started by a process that is gone.
    if (this.#task.startedAt === null) this.#change({ kind: 'started', time: this.#time() })
    else this.#change({ kind: 'resumed', isStopping: this.#stopGraceMs !== undefined })
    this.#output.note(this.#task, notes.reconnected(this.#task, this.#parts.source, awayMs))
  }

  /** Nothing was started: the same host runs it plain, and both the task and a note say so. */
  async #fallBack(why: string): Promise<Way> {
    await this.#connection.close()
    this.#mayRun = false
    this.#mode = modeFor(this.#parts.source, 'plain')
    this.#change({ kind: 'mode', mode: 'plain' })
    this.#output.note(this.#task, notes.fellBack(why))
    return { kind: 'again' }
  }

  /** The command is gone, its output is not: say why the task goes on. A file that is read is never open. */
  #noteOpenOutput(code: number): void {
    if (this.#mode.resume !== undefined) return
    const cancel = this.#parts.clock.after(limits.openOutputNoteMs, () => {
      this.#output.note(this.#task, notes.outputOpen(code))
    })
    this.#cancelNote = cancel
  }

  /** A session that was cut after a stop has ended as asked, when its exit code is known. */
  #ended(end: End): End {
    const asked = this.#stopping !== undefined && this.#task.exitCode !== null
    return end.kind === 'lost' && asked ? { kind: 'finished', time: end.time } : end
  }

  async #ask(asked: AskedQuestion, signal: AbortSignal) {
    const shown = (question: Question) => this.#change({ kind: 'asked', question })
    try {
      return await this.#parts.questions.ask(asked, { task: this.#task.id, signal, shown })
    } finally {
      this.#change({ kind: 'answered' })
    }
  }

  #change(event: TaskEvent): void {
    this.#task = nextTask(this.#task, event)
    this.#parts.feed.setTask(this.#task)
    this.#parts.states.changed(() => this.#task)
    this.#parts.moved()
  }

  /** Before the start it has failed; afterwards nobody knows how it would have ended. */
  #broken(error: AppError): End {
    const mayRun = this.#mayRun && this.#mode.resume !== undefined
    const kind = this.#task.startedAt === null && !mayRun ? 'failed' : 'lost'
    return { kind, error, time: this.#time() }
  }

  #tellFault(error: AppError): void {
    const { feed, say } = this.#parts
    tellFault(say, `Run ${feed.run.id} on ${this.#task.host}`, error)
  }

  #time(): string {
    return isoTime(this.#parts.clock.now())
  }
}
