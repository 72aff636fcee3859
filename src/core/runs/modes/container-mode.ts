/** How the output of a container is followed: session after session, each from the last stored line on. */
import type { SourceChannel } from '../../../shared/channel.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'
import { ContainerPlace } from '../../container/container-place.ts'
import {
  decodeContainerProgress,
  encodeContainerProgress,
} from '../../container/container-progress.ts'
import { engineAdvice } from '../../container/engine-advice.ts'
import { sinceOf, stampOf } from '../../container/log-stamp.ts'
import { type OutputLine, OutputLines } from '../../container/output-lines.ts'
import { joinBytes } from '../../lines/join-bytes.ts'
import { type ContainerStart, containerScript } from '../../remote/container-script.ts'
import { type Mark, type MarkedPiece, MarkerParser } from '../../remote/marker-parser.ts'
import type { RemoteChannel, RemoteHost } from '../../remote/remote-host.ts'
import { endSession, SessionEnd } from './end-session.ts'
import { cutError, ForeignWords, notStartedError } from './foreign-words.ts'
import type { Held, ReadPoint, RunMode, RunningSource, SourceEvent, StopProof } from './run-mode.ts'

export interface FollowedContainer {
  readonly name: string
  readonly lines?: number
}

export function containerMode(source: FollowedContainer): RunMode {
  return {
    start: (host, held) => open({ host, held, source }),
    resume: (host, held, at) => open({ host, held, source }, at),
  }
}

interface Following {
  readonly host: RemoteHost
  readonly held: Held
  readonly source: FollowedContainer
}

async function open(following: Following, at?: ReadPoint): Promise<RunningSource> {
  const known = at?.progress === undefined ? undefined : decodeContainerProgress(at.progress)
  const run = new ContainerRun(following, {
    place: known === undefined ? undefined : ContainerPlace.resume(known),
    wasStarted: (at?.task.startedAt ?? null) !== null,
  })
  await run.open()
  return run
}

interface Known {
  readonly place: ContainerPlace | undefined
  readonly wasStarted: boolean
}

/**
 * A session ends when the engine's logs have ended and there is more to read: the container runs
 * again, or another one has its name. It is also opened anew after a long silence, as logs that are
 * rotated can leave a reader behind that hears nothing more (moby #37646, #39235).
 */
class ContainerRun implements RunningSource {
  readonly events: AsyncIterable<SourceEvent>
  readonly #following: Following
  #channel: RemoteChannel | undefined
  #place: ContainerPlace | undefined
  #isTold = false
  /** It has been told that the container prints nothing now. */
  #isWaiting = false
  #lastSaid = ''
  readonly #wasStarted: boolean
  readonly #words = new ForeignWords()
  readonly #end = new SessionEnd()
  #session = new Session()
  #failure: AppError | null = null
  #stop: Promise<StopProof> | null = null

  constructor(following: Following, known: Known) {
    this.#following = following
    this.#place = known.place
    this.#wasStarted = known.wasStarted
    this.events = this.#events()
  }

  async open(): Promise<void> {
    const { host, held, source } = this.#following
    const from = startOf(this.#place, source.lines ?? limits.followedLinesDefault)
    const script = containerScript({ nonce: held.nonce, name: source.name, from })
    this.#session = new Session()
    this.#channel = await host.open({ script, tty: false })
    if (this.#stop !== null) this.#channel.end()
  }

  stop(): Promise<StopProof> {
    this.#stop ??= this.#endSession()
    return this.#stop
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#channel?.end()
    await this.#channel?.[Symbol.asyncDispose]()
  }

  async #endSession(): Promise<StopProof> {
    if (this.#channel === undefined) return { kind: 'empty', gone: 0, killed: false }
    return endSession(this.#channel, this.#end, this.#following.held.clock)
  }

  async *#events(): AsyncGenerator<SourceEvent> {
    let error: AppError | null = null
    try {
      for (;;) {
        yield* this.#read()
        if (!this.#session.goesOn || this.#stop !== null) break
        await this.#channel?.[Symbol.asyncDispose]()
        await this.open()
      }
    } catch (thrown) {
      error = toAppError(thrown)
    } finally {
      this.#end.over()
    }
    yield this.#last(error)
  }

  async *#read(): AsyncGenerator<SourceEvent> {
    const { clock, nonce } = this.#following.held
    const session = this.#session
    const channel = this.#channel
    if (channel === undefined) return
    const parser = new MarkerParser(nonce)
    const listen = () =>
      clock.after(limits.containerSilenceMs, () => {
        session.goesOn = session.lines !== undefined || session.isAbsent
        channel.end()
      })
    let forget = listen()
    try {
      for await (const piece of channel.output) {
        forget()
        if (piece.channel === 'out') yield* this.#out(parser.push(piece.bytes))
        else yield* this.#err(piece.bytes)
        forget = listen()
      }
    } finally {
      forget()
    }
    for (const bytes of session.early) this.#words.add(bytes)
  }

  *#out(pieces: readonly MarkedPiece[]): Generator<SourceEvent> {
    for (const piece of pieces) {
      if (piece.kind === 'mark') yield* this.#mark(piece.mark)
      else if (this.#session.lines === undefined) this.#words.add(piece.bytes)
      else yield* this.#lines('out', this.#session.lines.out.push(piece.bytes))
    }
  }

  /** It comes over another pipe than the mark of the start, and may be here before that. */
  *#err(bytes: Uint8Array): Generator<SourceEvent> {
    const { lines, early } = this.#session
    if (lines === undefined) early.push(bytes)
    else yield* this.#lines('err', lines.err.push(bytes))
  }

  *#mark({ word, numbers }: Mark): Generator<SourceEvent> {
    if (word === 'missing') this.#failure = notFollowed('it has neither docker nor podman')
    if (word === 'unknown') this.#session.isUnknown = true
    if (word === 'ready') yield* this.#ready(numbers)
    if (word === 'absent') {
      this.#session.isAbsent = true
      yield* this.#tell()
      yield* this.#waits(absentNote)
    }
    if (word === 'exit') yield* this.#waits(stoppedNote)
    if (word === 'again') this.#session.goesOn = true
  }

  *#tell(): Generator<SourceEvent> {
    if (!this.#isTold) yield this.#wasStarted ? { kind: 'resumed' } : { kind: 'started', pid: 0 }
    this.#isTold = true
  }

  *#waits(text: string): Generator<SourceEvent> {
    if (!this.#isWaiting) yield { kind: 'note', text }
    this.#isWaiting = true
  }

  *#ready([container = 0, seconds = 0, isPodman = 0]: Mark['numbers']): Generator<SourceEvent> {
    const { early } = this.#session
    const engine = isPodman === 1 ? 'podman' : 'docker'
    const lines = { out: new OutputLines(engine), err: new OutputLines(engine) }
    this.#session.lines = lines
    this.#words.clear()
    yield* this.#begin(container, seconds)
    yield* this.#tell()
    for (const bytes of early.splice(0)) yield* this.#lines('err', lines.err.push(bytes))
  }

  /** Another container than before is read from its first line: nothing of it is known. */
  *#begin(container: number, seconds: number): Generator<SourceEvent> {
    const known = this.#place?.progress
    if (known?.container === container) {
      this.#place = ContainerPlace.resume(known)
      return
    }
    this.#place = ContainerPlace.begin(container, stampOf(known === undefined ? seconds : 1))
    if (known !== undefined) yield { kind: 'note', text: otherNote }
    yield this.#entries('out', [])
  }

  /** New lines, joined into one event as long as they came together. */
  *#lines(channel: SourceChannel, lines: readonly OutputLine[]): Generator<SourceEvent> {
    let fresh: Uint8Array[] = []
    for (const line of lines) {
      const place = this.#place
      if (line.kind === 'word' || place === undefined) {
        if (fresh.length > 0) yield this.#entries(channel, fresh)
        fresh = []
        yield* this.#said(line.bytes)
        continue
      }
      const news = place.take(channel, line.stamp, line.bytes.length)
      if (news === 'known') continue
      this.#isWaiting = false
      if (news === 'after-gap') {
        if (fresh.length > 0) yield this.#entries(channel, fresh)
        fresh = []
        yield { kind: 'note', text: removedNote }
      }
      fresh.push(line.bytes)
    }
    if (fresh.length > 0) yield this.#entries(channel, fresh)
  }

  /** The engine's own words, as of a log driver that nobody can read: once, however often it says them. */
  *#said(bytes: Uint8Array): Generator<SourceEvent> {
    const words = new ForeignWords()
    words.add(bytes)
    const text = words.text()
    if (text === '' || text === this.#lastSaid) return
    this.#lastSaid = text
    yield { kind: 'note', text: `engine: it said ${quoted(text)}` }
  }

  #entries(channel: SourceChannel, lines: readonly Uint8Array[]): SourceEvent {
    const { progress } = this.#place ?? { progress: undefined }
    if (progress === undefined) throw new AppError('internal', 'A line came before its container.')
    return {
      kind: 'entries',
      channel,
      bytes: joinBytes(lines),
      progress: encodeContainerProgress(progress),
    }
  }

  #last(error: AppError | null): SourceEvent {
    if (this.#stop !== null) return { kind: 'finished' }
    if (this.#session.isUnknown) {
      const said = this.#words.text()
      this.#failure = notFollowed(quoted(said), engineAdvice(said))
    }
    if (this.#failure !== null) {
      return { kind: this.#wasStarted ? 'lost' : 'failed', error: this.#failure }
    }
    if (error === null && !this.#isTold && !this.#words.isCut) {
      return { kind: 'failed', error: notStartedError(this.#words) }
    }
    return { kind: 'cut', error: error ?? cutError(this.#words) }
  }
}

/** What one session has told of itself. */
class Session {
  /** There once it is ready. */
  lines: Readonly<Record<SourceChannel, OutputLines>> | undefined
  /** What came on stderr before that. */
  readonly early: Uint8Array[] = []
  /** The engines know no such container, and say so on stderr. */
  isUnknown = false
  /** The engines know none of that name now: it was removed, and may come back. */
  isAbsent = false
  /** It ended in good order, and another one reads on. */
  goesOn = false
}

function startOf(place: ContainerPlace | undefined, lines: number): ContainerStart {
  if (place === undefined) return { kind: 'lines', lines }
  const { container } = place.progress
  return { kind: 'since', container, since: sinceOf(place.since) }
}

const stoppedNote =
  'waiting for the container: its output has ended; what it prints when it runs again is read on'
const absentNote =
  'waiting for the container: there is none of that name now; what it prints when it is back is read on'
const otherNote = 'replaced: another container has the name now; it is read from its first line'
const removedNote =
  'gap: the engine no longer has the line that was read last: what came after it may have been removed too'

function notFollowed(why: string, advice = ''): AppError {
  return new AppError(
    'start-failed',
    `The container cannot be followed: ${why}. ${advice}`.trim(),
    {
      hint: 'Try "docker logs -f NAME" or "podman logs -f NAME" on the host, as the same user.',
    },
  )
}

function quoted(said: string): string {
  return said === '' ? 'the host knows no container of that name' : `"${said}"`
}
