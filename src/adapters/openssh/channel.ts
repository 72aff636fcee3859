/** One session: a mux client of ours, the script it feeds to the remote sh, and what comes back. */
import type { ChildProcess } from 'node:child_process'
import type { ChannelBytes, RemoteChannel } from '../../core/remote/remote-host.ts'
import type { Destination } from '../../shared/destination.ts'
import { ChannelOutput } from './channel-output.ts'
import type { Master, SshParts } from './master.ts'
import { hasEnded } from './spawner.ts'
import { channelArgs, sshEnvironment } from './ssh-args.ts'
import { TtyReady, ttyCommand, ttyScript } from './tty-start.ts'

export interface ChannelRequest {
  readonly destination: Destination
  readonly script: string
  readonly tty: boolean
  /**
   * A connection with a place for one more session. `refused` is the one whose host has just
   * refused it; null means that trying another one is of no use.
   */
  place(refused: Master | null): Promise<Master | null>
  /** Gives the place back. */
  leave(master: Master): void
}

/** Resolves when the local process runs. */
export async function openChannel(
  parts: SshParts,
  request: ChannelRequest,
): Promise<RemoteChannel> {
  const master = await request.place(null)
  if (master === null) throw new Error('The first place cannot be refused.')
  return new SshChannel(parts, request, await startSession(parts, request, master))
}

interface Session {
  readonly master: Master
  readonly child: ChildProcess
  readonly output: ChannelOutput
  /** The local process has ended. */
  readonly ended: Promise<void>
  /** Looks for the terminal's ready mark; null once it has come, and without a terminal. */
  ready: TtyReady | null
}

class SshChannel implements RemoteChannel {
  readonly output: AsyncIterable<ChannelBytes>
  readonly #parts: SshParts
  readonly #request: ChannelRequest
  #session: Session
  #status: number | null = null
  #isDisposed = false
  #stdinEnded = false

  constructor(parts: SshParts, request: ChannelRequest, session: Session) {
    this.#parts = parts
    this.#request = request
    this.#session = session
    this.output = this.#read()
  }

  get status(): number | null {
    return this.#status
  }

  send(text: string): void {
    this.#session.child.stdin?.write(text)
  }

  end(): void {
    this.#stdinEnded = true
    // A terminal has no end of input; hanging up is what tells its processes.
    if (this.#request.tty) this.#session.child.kill('SIGTERM')
    else this.#session.child.stdin?.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    const { child, output } = this.#session
    child.stdin?.destroy()
    output.destroy()
    child.kill('SIGTERM')
  }

  async *#read(): AsyncGenerator<ChannelBytes> {
    for (;;) {
      const { master } = this.#session
      const refusal = new Refusal()
      yield* this.#pump(refusal)
      if (this.#isDisposed) return
      if (refusal.wasRefused) {
        const next = await this.#request.place(master)
        if (next !== null) {
          await this.#restart(next)
          continue
        }
      }
      const held = refusal.end()
      if (held.length > 0) yield { channel: 'err', bytes: held }
      if (await this.#wasLost(this.#session)) throw master.lostError()
      return
    }
  }

  async *#pump(refusal: Refusal): AsyncGenerator<ChannelBytes> {
    const { output } = this.#session
    for (let piece = await output.next(); piece !== null; piece = await output.next()) {
      const bytes = piece.channel === 'err' ? refusal.pass(piece.bytes) : this.#passOut(piece.bytes)
      if (bytes.length > 0) yield { channel: piece.channel, bytes }
    }
    const rest = this.#session.ready?.end()
    if (rest !== undefined && rest.length > 0) yield { channel: 'out', bytes: rest }
  }

  /** In a terminal, output is looked through for the ready mark until it has come. */
  #passOut(bytes: Uint8Array): Uint8Array {
    const { ready, child } = this.#session
    if (ready === null) return bytes
    const found = ready.push(bytes)
    if (found === null) return nothing
    this.#session.ready = null
    if (found.mark) child.stdin?.write(ttyScript(this.#request.script))
    return found.rest
  }

  /** The host had opened no session, so nothing has started: the script may be sent again. */
  async #restart(master: Master): Promise<void> {
    this.#session = await startSession(this.#parts, this.#request, master)
    if (this.#isDisposed) await this[Symbol.asyncDispose]()
    else if (this.#stdinEnded) this.end()
  }

  /** The session ended because its connection did; the two are seen in any order. */
  async #wasLost({ master, child, ended }: Session): Promise<boolean> {
    const { clock } = this.#parts
    await Promise.race([ended, clock.sleep(processEndMs)])
    if (hasEnded(child) && child.exitCode !== 255) {
      this.#status = child.exitCode
      return false
    }
    await Promise.race([master.ended, clock.sleep(masterEndMs)])
    return !master.isAlive && !this.#isDisposed
  }
}

/** How long after its outputs the end of a session may be seen, and of the connection after that. */
const processEndMs = 1_000
const masterEndMs = 250
const nothing = new Uint8Array(0)

async function startSession(
  parts: SshParts,
  request: ChannelRequest,
  master: Master,
): Promise<Session> {
  const { destination, tty, script } = request
  const command = tty ? ttyCommand : 'exec sh -s'
  const args = channelArgs(parts.setup, {
    destination,
    socketPath: master.socketPath,
    tty,
    command,
  })
  const environment: Record<string, string> = tty ? { TERM: 'xterm-256color' } : {}
  let child: ChildProcess
  try {
    child = await parts.spawner.start(args, { stdio: 'pipe', env: sshEnvironment(environment) })
  } catch (thrown) {
    request.leave(master)
    throw thrown
  }
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  child.once('close', () => request.leave(master))
  const { stdin, stdout, stderr } = child
  if (stdin === null || stdout === null || stderr === null) throw new Error('ssh has no pipes.')
  // The host may end before it has read everything; its output says why.
  stdin.on('error', () => undefined)
  if (!tty) stdin.write(script)
  const output = new ChannelOutput(stdout, stderr)
  return { master, child, output, ended, ready: tty ? new TtyReady() : null }
}

/** Holds ssh's first words back while they may mean "no more sessions on this connection". */
class Refusal {
  #held: Buffer = Buffer.alloc(0)
  #over = false

  get wasRefused(): boolean {
    return this.#held.includes('session request failed: Session open refused')
  }

  /** What of the bytes is not held. */
  pass(bytes: Uint8Array): Uint8Array {
    if (this.#over) return bytes
    this.#held = Buffer.concat([this.#held, bytes])
    const isMux = this.#held
      .subarray(0, prefix.length)
      .equals(prefix.subarray(0, this.#held.length))
    if (isMux && this.#held.length <= heldBytesMax) return nothing
    // Not ssh's words: they are the host's, and so is all that follows.
    this.#over = true
    return this.end()
  }

  end(): Uint8Array {
    const held = this.#held
    this.#held = Buffer.alloc(0)
    return held
  }
}

const prefix = Buffer.from('mux_client_request_session: ')
const heldBytesMax = 4 * 1024
