/** What plain and pty have in common: a session's bytes and marks become command events. */
import type { SourceChannel } from '../../../shared/channel.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'
import type { Clock } from '../../clock.ts'
import { type Mark, type MarkedPiece, MarkerParser } from '../../remote/marker-parser.ts'
import type { ChannelBytes, RemoteChannel, RemoteHost } from '../../remote/remote-host.ts'
import { stopScript } from '../../remote/stop-script.ts'
import { ForeignWords, lostError, notStartedError } from './foreign-words.ts'
import type { EndLeftover, HeldGroup, RunningSource, SourceEvent, StopProof } from './run-mode.ts'
import { stopGroup } from './stop-group.ts'

export interface HeldSession {
  readonly host: RemoteHost
  readonly channel: RemoteChannel
  readonly nonce: string
  readonly clock: Clock
  /** Where the wrapper's marks come. */
  readonly markChannel: SourceChannel
  /** A channel that carries only what ssh itself says, never the command. */
  readonly foreignChannel: SourceChannel | null
  /** Another channel begins with a mark of its own: what came there before it is of the login shell. */
  readonly hasBeginning: boolean
}

/** The command of a session that has just been opened. */
export function runSession(session: HeldSession): RunningSource {
  return new SessionRun(session)
}

/** Ends such a group from another session, whether or not its own still lives. */
export function endGroup(
  group: HeldGroup,
  { nonce, clock }: Pick<HeldSession, 'nonce' | 'clock'>,
): EndLeftover {
  const graceMs = limits.stopGraceMs
  const script = stopScript({ ...group, nonce, graceMs })
  return (host) => stopGroup(host, { script, nonce, graceMs, clock })
}

class SessionRun implements RunningSource {
  readonly events: AsyncIterable<SourceEvent>
  readonly #session: HeldSession
  readonly #words = new ForeignWords()
  /** stdout may overtake the start mark, which comes on stderr. */
  #early: ChannelBytes[] = []
  /** Looks for the beginning of the command's output; null from there on. */
  #beginning: MarkerParser | null
  #group: HeldGroup | null = null
  #exited = false
  #ended = false
  /** Since when the session's next bytes have been awaited; null while the reader is busy. */
  #silentSince: number | null = null
  /** Pieces of output that the reader has taken. */
  #taken = 0
  #stop: Promise<StopProof> | null = null

  constructor(session: HeldSession) {
    this.#session = session
    this.#beginning = session.hasBeginning ? new MarkerParser(session.nonce) : null
    this.events = this.#events()
  }

  stop(graceMs: number): Promise<StopProof> {
    this.#stop ??= this.#end(graceMs)
    return this.#stop
  }

  /** The wrapper ends its group with the session, but a dead network tells the host nothing. */
  leftover(): EndLeftover | undefined {
    const group = this.#group
    if (group === null || this.#exited) return undefined
    const { nonce, clock } = this.#session
    return endGroup(group, { nonce, clock })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#session.channel.end()
    await this.#session.channel[Symbol.asyncDispose]()
  }

  async *#events(): AsyncGenerator<SourceEvent> {
    const { channel, markChannel, clock } = this.#session
    const parser = new MarkerParser(this.#session.nonce)
    try {
      this.#silentSince = clock.elapsed()
      for await (const piece of channel.output) {
        this.#silentSince = null
        this.#taken += 1
        yield* this.#take(piece, parser)
        if (this.#group === null && this.#words.tooMany) break
        this.#silentSince = clock.elapsed()
      }
      yield* this.#bytes(markChannel, parser.end())
    } catch (thrown) {
      yield this.#broken(toAppError(thrown))
      return
    } finally {
      this.#ended = true
      await channel[Symbol.asyncDispose]()
    }
    yield* this.#finish()
  }

  *#take({ channel, bytes }: ChannelBytes, parser: MarkerParser): Generator<SourceEvent> {
    if (channel === this.#session.foreignChannel) {
      this.#words.add(bytes)
    } else if (channel === this.#session.markChannel) {
      yield* this.#bytes(channel, parser.push(bytes))
    } else if (this.#beginning === null) {
      yield* this.#output({ channel, bytes })
    } else {
      yield* this.#begin(channel, this.#beginning.push(bytes))
    }
  }

  *#begin(channel: SourceChannel, pieces: readonly MarkedPiece[]): Generator<SourceEvent> {
    for (const piece of pieces) {
      if (piece.kind === 'mark') this.#beginning = null
      else if (this.#beginning === null) yield* this.#output({ channel, bytes: piece.bytes })
      else if (this.#group === null) this.#words.add(piece.bytes)
    }
  }

  *#output({ channel, bytes }: ChannelBytes): Generator<SourceEvent> {
    if (this.#group === null) this.#early.push({ channel, bytes })
    else yield { kind: 'bytes', channel, bytes }
  }

  *#bytes(channel: SourceChannel, pieces: readonly MarkedPiece[]): Generator<SourceEvent> {
    for (const piece of pieces) {
      if (piece.kind === 'mark') yield* this.#mark(piece.mark)
      else if (this.#group === null) this.#words.add(piece.bytes)
      else yield { kind: 'bytes', channel, bytes: piece.bytes }
    }
  }

  *#mark({ word, numbers }: Mark): Generator<SourceEvent> {
    const [first, second, third, fourth] = numbers
    if (first === undefined) return
    if (word === 'exit' && !this.#exited) {
      this.#exited = true
      yield { kind: 'exited', code: first }
    }
    if (word !== 'pid' || this.#group !== null) return
    const group = { pid: first, watchdog: second ?? 0, since: third ?? 0, boot: fourth ?? 0 }
    this.#group = group
    yield { kind: 'started', pid: first, group }
    const early = this.#early
    this.#early = []
    this.#words.clear()
    for (const { channel, bytes } of early) yield { kind: 'bytes', channel, bytes }
  }

  async *#finish(): AsyncGenerator<SourceEvent> {
    if (!this.#exited && this.#group !== null) {
      const proof = await this.#stop
      if (proof?.kind !== 'empty') {
        yield { kind: 'lost', error: lostError(this.#words) }
        return
      }
      // KILL took the wrapper together with the command, so nobody was left to report it.
      yield { kind: 'exited', code: proof.killed ? killedCode : terminatedCode }
    }
    if (this.#group === null) yield { kind: 'failed', error: notStartedError(this.#words) }
    else yield { kind: 'finished' }
  }

  #broken(error: AppError): SourceEvent {
    return { kind: this.#group === null ? 'failed' : 'lost', error }
  }

  async #end(graceMs: number): Promise<StopProof> {
    const { host, nonce, clock, channel } = this.#session
    await this.#startSeen()
    if (this.#group === null) {
      channel.end()
      await channel[Symbol.asyncDispose]()
      return { kind: 'unknown', why: 'The host had not yet reported the start of the command.' }
    }
    if (this.#ended) {
      return this.#exited
        ? { kind: 'empty', gone: 0, killed: false }
        : { kind: 'unknown', why: 'The connection to the host had already ended.' }
    }
    const script = stopScript({ ...this.#group, nonce, graceMs })
    const proof = await stopGroup(host, { script, nonce, graceMs, clock })
    // Without proof the end of stdin is the other way to the same thing: the watchdog ends the group.
    if (proof.kind === 'unknown') channel.end()
    void this.#letGo()
    return proof
  }

  /** A command that is just being started can be stopped with proof a moment later. */
  async #startSeen(): Promise<void> {
    const { clock } = this.#session
    const latest = clock.elapsed() + limits.startPatienceMs
    while (this.#group === null && !this.#ended && clock.elapsed() < latest) {
      await clock.sleep(startLookMs)
    }
  }

  /**
   * A process that has left the group may hold the output for ever. After a stop the session is
   * closed once it has been silent for a while, or at the latest after `heldOutputMs`. Time in which
   * the reader is held back, as by a full disk, does not count: what is there must not be dropped.
   */
  async #letGo(): Promise<void> {
    const { clock, channel } = this.#session
    let leftMs: number = limits.heldOutputMs
    while (!this.#ended && leftMs > 0 && !this.#isSilent()) {
      const taken = this.#taken
      await clock.sleep(silenceMs / 4)
      if (this.#silentSince !== null || this.#taken > taken) leftMs -= silenceMs / 4
    }
    if (!this.#ended) await channel[Symbol.asyncDispose]()
  }

  #isSilent(): boolean {
    const since = this.#silentSince
    return since !== null && this.#session.clock.elapsed() - since >= silenceMs
  }
}

/** 128 + SIGKILL and 128 + SIGTERM, as the shell would have said it. */
const killedCode = 137
const terminatedCode = 143
const startLookMs = 20
/** Longer than the wrapper's own TERM, 3 s, KILL. */
const silenceMs = 4_000
