/** Carries one task from its start to a final state: connects, starts, reads, and ends it. */
import type { Destination } from '../../shared/destination.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { Question } from '../../shared/question.ts'
import type { Task } from '../../shared/run.ts'
import type { Secret } from '../../shared/secret.ts'
import { isoTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import type { RunFeed } from '../feed/run-feed.ts'
import type { AskedQuestion, RemoteHosts } from '../remote/remote-host.ts'
import type { RunChange } from '../store/log-store.ts'
import type { CommandEvent, RunMode, RunningCommand, StopProof } from './modes/run-mode.ts'
import { notes } from './notes.ts'
import type { Questions } from './questions.ts'
import type { RunWriter } from './run-writer.ts'
import { TaskOutput } from './task-output.ts'
import { nextTask, type TaskEvent } from './task-state.ts'

export interface TaskParts {
  readonly hosts: RemoteHosts
  readonly clock: Clock
  readonly writer: RunWriter
  readonly feed: RunFeed
  readonly questions: Questions
  readonly mode: RunMode
  readonly command: string
  readonly merged: boolean
  readonly login?: { readonly password: Secret }
  readonly newNonce: () => string
  /** The run's own end, when this task is the last one to get there. */
  readonly closing: (task: Task) => RunChange | undefined
}

type End = Extract<TaskEvent, { kind: 'finished' | 'failed' | 'lost' }>

export class TaskRunner {
  readonly #parts: TaskParts
  readonly #destination: Destination
  readonly #output: TaskOutput
  readonly #abort = new AbortController()
  #task: Task
  #running: RunningCommand | undefined
  #stopping: Promise<StopProof> | undefined
  #stopGraceMs: number = limits.stopGraceMs
  #startedMs = 0
  #cancelNote: (() => void) | undefined

  constructor(task: Task, destination: Destination, parts: TaskParts) {
    this.#task = task
    this.#destination = destination
    this.#parts = parts
    this.#output = new TaskOutput(parts)
  }

  get task(): Task {
    return this.#task
  }

  /** Resolves when the task is in a final state and that is written. Never rejects. */
  async run(): Promise<void> {
    const end = await this.#carry()
    this.#cancelNote?.()
    this.#task = this.#output.finish(this.#task)
    if (this.#stopping !== undefined) {
      this.#output.note(this.#task, notes.stopped(await this.#stopping))
    }
    const before = this.#task
    this.#task = nextTask(this.#task, end)
    const note = end.kind === 'finished' ? this.#exitNote() : notes[end.kind](end.error)
    const state = this.#parts.closing(this.#task)
    this.#output.note(this.#task, note, state)
    try {
      await this.#parts.writer.settled()
    } catch (thrown) {
      // Nobody can tell what is missing, so an exit code of 0 must not stand for success.
      if (end.kind === 'finished') this.#task = nextTask(before, this.#broken(toAppError(thrown)))
    }
    this.#parts.feed.setTask(this.#task)
  }

  /** Ends the task: at once while nothing runs yet, else TERM, KILL and proof. Safe to repeat. */
  stop(graceMs: number): void {
    if (this.#stopping !== undefined || this.#abort.signal.aborted) return
    this.#stopGraceMs = graceMs
    if (this.#running === undefined) this.#abort.abort()
    else this.#end(this.#running)
  }

  #end(running: RunningCommand): void {
    this.#change({ kind: 'stopping' })
    this.#stopping = running.stop(this.#stopGraceMs)
  }

  async #carry(): Promise<End> {
    try {
      if (this.#abort.signal.aborted) throw stoppedBeforeStart()
      this.#change({ kind: 'connecting' })
      await using host = await this.#parts.hosts.connect(
        {
          destination: this.#destination,
          ask: (question, signal) => this.#ask(question, signal),
          ...(this.#parts.login === undefined ? {} : { login: this.#parts.login }),
        },
        this.#abort.signal,
      )
      if (this.#abort.signal.aborted) throw stoppedBeforeStart()
      const { mode, command, merged, clock } = this.#parts
      const held = { command, merged, clock, nonce: this.#parts.newNonce() }
      await using running = await mode.start(host, held)
      this.#running = running
      // Asked while the session was being opened, which cannot be taken back.
      if (this.#abort.signal.aborted) this.#end(running)
      const end = await this.#read(running)
      await this.#stopping // The proof comes over a session of its own, on the same host.
      return end
    } catch (error) {
      const isTooEarly = this.#abort.signal.aborted && this.#running === undefined
      return this.#broken(isTooEarly ? stoppedBeforeStart() : toAppError(error))
    }
  }

  async #read(running: RunningCommand): Promise<End> {
    for await (const event of running.events) {
      const end = this.#take(event)
      if (end !== undefined) return this.#ended(end)
      if (this.#parts.writer.full) await this.#parts.writer.ready()
    }
    const error = new AppError('connection-lost', 'The session ended without a word.')
    return this.#ended({ kind: 'lost', error, time: this.#time() })
  }

  #take(event: CommandEvent): End | undefined {
    switch (event.kind) {
      case 'bytes':
        this.#task = this.#output.push(this.#task, event.channel, event.bytes)
        return undefined
      case 'started':
        this.#startedMs = this.#parts.clock.elapsed()
        this.#change({ kind: 'started', time: this.#time() })
        this.#output.note(this.#task, notes.connected(this.#task))
        return undefined
      case 'exited':
        this.#task = nextTask(this.#task, event)
        this.#noteOpenOutput(event.code)
        return undefined
      case 'finished':
        return { kind: 'finished', time: this.#time() }
      case 'failed':
      case 'lost':
        return { ...event, time: this.#time() }
    }
  }

  /** The command is gone, its output is not: say why the task goes on. */
  #noteOpenOutput(code: number): void {
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
  }

  #exitNote(): string {
    const ms = this.#parts.clock.elapsed() - this.#startedMs
    return notes.exited(this.#task.exitCode ?? 0, ms)
  }

  /** Before the start it has failed; afterwards nobody knows how it would have ended. */
  #broken(error: AppError): End {
    const kind = this.#task.startedAt === null ? 'failed' : 'lost'
    return { kind, error, time: this.#time() }
  }

  #time(): string {
    return isoTime(this.#parts.clock.now())
  }
}

function stoppedBeforeStart(): AppError {
  return new AppError('stopped-before-start', 'It was stopped before the command was started.')
}
