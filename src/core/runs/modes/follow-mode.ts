/** How files are followed: one session for all of them, resumed by position after a cut. */
import { AppError, toAppError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'
import { decodeProgress, noProgress } from '../../files/files-progress.ts'
import { type FilesOutput, FilesSession } from '../../files/files-session.ts'
import { commandText } from '../../remote/follow-command.ts'
import { type FollowFrame, FollowFrames } from '../../remote/follow-frames.ts'
import { followScript } from '../../remote/follow-script.ts'
import type { ChannelBytes, RemoteChannel, RemoteHost } from '../../remote/remote-host.ts'
import { endSession, SessionEnd } from './end-session.ts'
import { cutError, ForeignWords, notStartedError } from './foreign-words.ts'
import type { Held, ReadPoint, RunMode, RunningSource, SourceEvent, StopProof } from './run-mode.ts'

export interface FollowedPaths {
  readonly paths: readonly string[]
  readonly lines?: number
}

export function followMode(source: FollowedPaths): RunMode {
  return {
    start: (host, held) => open(host, held, { source }),
    resume: (host, held, at) => open(host, held, { source, at }),
  }
}

interface Following {
  readonly source: FollowedPaths
  readonly at?: ReadPoint
}

async function open(host: RemoteHost, held: Held, following: Following): Promise<RunningSource> {
  const script = followScript({ nonce: held.nonce })
  return new FollowRun(held, await host.open({ script, tty: false }), following)
}

class FollowRun implements RunningSource {
  readonly events: AsyncIterable<SourceEvent>
  readonly #held: Held
  readonly #channel: RemoteChannel
  readonly #session: FilesSession
  readonly #frames: FollowFrames
  readonly #words = new ForeignWords()
  readonly #wasStarted: boolean
  #hasBegun = false
  #broken: string | null = null
  #stop: Promise<StopProof> | null = null
  readonly #end = new SessionEnd()

  constructor(held: Held, channel: RemoteChannel, { source, at }: Following) {
    const stored = at?.progress === undefined ? undefined : decodeProgress(at.progress)
    this.#held = held
    this.#channel = channel
    this.#wasStarted = (at?.task.startedAt ?? null) !== null
    this.#frames = new FollowFrames(held.nonce)
    this.#session = new FilesSession({
      paths: source.paths,
      lines: source.lines ?? limits.followedLinesDefault,
      progress: stored ?? noProgress,
      now: () => held.clock.elapsed(),
    })
    this.events = this.#events()
  }

  stop(): Promise<StopProof> {
    this.#stop ??= endSession(this.#channel, this.#end, this.#held.clock)
    return this.#stop
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#channel.end()
    await this.#channel[Symbol.asyncDispose]()
  }

  async *#events(): AsyncGenerator<SourceEvent> {
    let error: AppError | null = null
    try {
      yield* this.#read()
    } catch (thrown) {
      error = toAppError(thrown)
    } finally {
      this.#end.over()
    }
    yield this.#stop === null ? this.#lost(error) : { kind: 'finished' }
  }

  async *#read(): AsyncGenerator<SourceEvent> {
    const pieces = this.#channel.output[Symbol.asyncIterator]()
    let next = pieces.next()
    for (;;) {
      const result = await this.#nextOrDue(next)
      if (result === 'due') {
        yield* this.#pass(this.#session.tick())
        continue
      }
      if (result.done === true) return
      yield* this.#take(result.value)
      if (this.#broken !== null) return
      next = pieces.next()
    }
  }

  /** What comes next of the host, or that the session's time has come. */
  async #nextOrDue<T>(next: Promise<T>): Promise<T | 'due'> {
    const { dueMs } = this.#session
    if (dueMs === null) return next
    const { clock } = this.#held
    let cancel = () => {}
    const due = new Promise<'due'>((resolve) => {
      cancel = clock.after(Math.max(0, dueMs - clock.elapsed()), () => resolve('due'))
    })
    try {
      return await Promise.race([next, due])
    } finally {
      cancel()
    }
  }

  *#take({ channel, bytes }: ChannelBytes): Generator<SourceEvent> {
    if (channel === 'err' || !this.#frames.isReady) this.#words.add(bytes)
    if (channel === 'err') return
    for (const frame of this.#frames.push(bytes)) {
      yield* this.#frame(frame)
    }
  }

  *#frame(frame: FollowFrame): Generator<SourceEvent> {
    if (frame.kind === 'broken') {
      this.#broken = frame.why
      return
    }
    if (frame.kind === 'home' && this.#wasStarted) {
      this.#hasBegun = true
      yield { kind: 'resumed' }
    }
    yield* this.#pass(this.#session.take(frame))
  }

  /** Nothing is promised before every file has its first position: the start is told after that. */
  *#pass({ events, commands }: FilesOutput): Generator<SourceEvent> {
    for (const command of commands) this.#channel.send(commandText(command))
    for (const event of events) yield { kind: 'file', event }
    if (this.#hasBegun || !this.#session.isBegun) return
    this.#hasBegun = true
    yield { kind: 'started', pid: 0 }
  }

  #lost(error: AppError | null): SourceEvent {
    if (error === null && !this.#frames.isReady && !this.#words.isCut) {
      return { kind: 'failed', error: notStartedError(this.#words) }
    }
    return { kind: 'cut', error: error ?? this.#brokenError() ?? cutError(this.#words) }
  }

  /** What came of the host was no frame. */
  #brokenError(): AppError | null {
    if (this.#broken === null) return null
    return new AppError('connection-lost', `The session was given up: ${this.#broken}`)
  }
}
