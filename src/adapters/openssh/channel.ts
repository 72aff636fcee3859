/** The RemoteChannel port on a session of a shared connection: the script, the terminal, the places. */
import { inOwnGroup } from '../../core/remote/own-group.ts'
import type { ChannelBytes, RemoteChannel } from '../../core/remote/remote-host.ts'
import type { Master } from './master.ts'
import type { SessionChannel } from './session-channel.ts'
import { TtyReady, ttyCommand, ttyScript } from './tty-start.ts'

export interface ChannelRequest {
  readonly script: string
  readonly tty: boolean
  /**
   * A connection with a place for one more session. `tried` is the one that has just opened none;
   * null means that trying another one is of no use.
   */
  place(tried: Tried | null): Promise<Master | null>
  /** Gives the place back. */
  leave(master: Master): void
}

export interface Tried {
  readonly master: Master
  /** The host had no place for it; else the connection has ended meanwhile. */
  readonly wasRefused: boolean
}

/** Resolves when the session was asked for, not when the host has answered. */
export async function openChannel(request: ChannelRequest): Promise<RemoteChannel> {
  const master = await request.place(null)
  if (master === null) throw new Error('The first place cannot be refused.')
  return new SshChannel(request, startSession(request, master))
}

interface Placed {
  readonly master: Master
  readonly session: SessionChannel
  /** Looks for the terminal's ready mark; null once it has come, and without a terminal. */
  ready: TtyReady | null
}

class SshChannel implements RemoteChannel {
  readonly output: AsyncIterable<ChannelBytes>
  readonly #request: ChannelRequest
  #placed: Placed
  #status: number | null = null
  #isDisposed = false
  #stdinEnded = false

  constructor(request: ChannelRequest, placed: Placed) {
    this.#request = request
    this.#placed = placed
    this.output = this.#read()
  }

  get status(): number | null {
    return this.#status
  }

  send(text: string): void {
    this.#placed.session.write(Buffer.from(text))
  }

  end(): void {
    this.#stdinEnded = true
    // A terminal has no end of input; hanging up is what tells its processes.
    if (this.#request.tty) this.#placed.session.close()
    else this.#placed.session.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    this.#placed.session.drop()
  }

  async *#read(): AsyncGenerator<ChannelBytes> {
    for (;;) {
      const { master, session } = this.#placed
      yield* this.#pump()
      if (this.#isDisposed) return
      const end = await session.ended
      if (this.#isDisposed) return
      if (end.kind === 'closed') {
        this.#status = end.status
        return
      }
      // What the host has opened may have run: then only the run can tell what to do.
      if (end.kind === 'lost' && end.isOpened) throw await master.lostError()
      const next = await this.#request.place({ master, wasRefused: end.kind === 'refused' })
      if (next === null) {
        if (end.kind === 'lost') throw await master.lostError()
        yield refusal(end.reason)
        return
      }
      this.#restart(next)
    }
  }

  async *#pump(): AsyncGenerator<ChannelBytes> {
    const { session } = this.#placed
    for (let piece = await session.next(); piece !== null; piece = await session.next()) {
      const bytes = piece.channel === 'out' ? this.#passOut(piece.bytes) : piece.bytes
      if (bytes.length > 0) yield { channel: piece.channel, bytes }
    }
    const rest = this.#placed.ready?.end()
    if (rest !== undefined && rest.length > 0) yield { channel: 'out', bytes: rest }
  }

  /** In a terminal, output is looked through for the ready mark until it has come. */
  #passOut(bytes: Uint8Array): Uint8Array {
    const { ready, session } = this.#placed
    if (ready === null) return bytes
    const found = ready.push(bytes)
    if (found === null) return nothing
    this.#placed.ready = null
    if (found.mark) session.write(Buffer.from(ttyScript(this.#request.script)))
    return found.rest
  }

  /** The host had opened no session, so nothing has started: the script may be sent again. */
  #restart(master: Master): void {
    this.#placed = startSession(this.#request, master)
    if (this.#isDisposed) this.#placed.session.drop()
    else if (this.#stdinEnded) this.end()
  }
}

const nothing = new Uint8Array(0)

function refusal(reason: string): ChannelBytes {
  return { channel: 'err', bytes: Buffer.from(`Session open refused by the host: ${reason}\n`) }
}

function startSession(request: ChannelRequest, master: Master): Placed {
  const { tty, script } = request
  const session = master.open({
    command: tty ? ttyCommand : 'exec sh -s',
    terminal: tty ? 'xterm-256color' : null,
  })
  void session.ended.then(() => request.leave(master))
  if (!tty) session.write(Buffer.from(inOwnGroup(script)))
  return { master, session, ready: tty ? new TtyReady() : null }
}
