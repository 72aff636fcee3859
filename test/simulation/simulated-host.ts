/**
 * A remote machine and the way to it. It answers the real scripts of durable runs with the marks
 * and bytes that a real shell sends; links go down, sessions end at any byte, scripts get lost.
 */
import type { ChannelBytes, RemoteChannel, RemoteHost } from '../../src/core/remote/remote-host.ts'
import type { SourceChannel } from '../../src/shared/channel.ts'
import { AppError, toAppError } from '../../src/shared/errors.ts'
import { limits } from '../../src/shared/limits.ts'
import { type HostScript, readHostScript } from './host-script.ts'
import type { CommandPlan } from './simulated-command.ts'
import { SimulatedSpool } from './simulated-spool.ts'
import type { SimulatedProcess, SimulatedTime } from './simulated-time.ts'

/** What a host does wrong when a bug is planted in it. */
export interface HostBugs {
  /** The spool is no lock: who is asked to start starts. */
  readonly startsAgain?: boolean
  /** Sizes are read before the end is looked for. */
  readonly readsSizesFirst?: boolean
  /** The spool is removed as soon as the exit was told. */
  readonly removesEarly?: boolean
}

export interface HostParts {
  readonly time: SimulatedTime
  readonly planOf: (host: string, command: string) => CommandPlan
  readonly bugs: HostBugs
  /** Tells of what must never be. */
  readonly fail: (what: string) => void
}

export class SimulatedHost {
  readonly name: string
  readonly parts: HostParts
  readonly spools: Map<string, SimulatedSpool> = new Map()
  readonly #sessions = new Set<SimulatedSession>()
  isUp = true
  /** Its login shell prints something before it runs a script. */
  readonly isNoisy: boolean

  constructor(name: string, parts: HostParts) {
    this.name = name
    this.parts = parts
    this.isNoisy = parts.time.chance(0.3)
  }

  /** As `RemoteHosts.connect`, for one process. */
  connect(process: SimulatedProcess, signal: AbortSignal): Promise<RemoteHost> {
    const { time } = this.parts
    return new Promise((resolve, reject) => {
      const abort = () => reject(toAppError(signal.reason))
      signal.addEventListener('abort', abort)
      const ms = this.isUp ? time.between(2, 80) : time.between(50, limits.connectTimeoutMs)
      process.after(ms, () => {
        signal.removeEventListener('abort', abort)
        if (this.isUp && !time.chance(0.05)) resolve(this.#hostOf(process))
        else reject(new AppError('connection-timeout', `${this.name} does not answer.`))
      })
    })
  }

  #hostOf(process: SimulatedProcess): RemoteHost {
    const { time } = this.parts
    return {
      findings: {},
      open: ({ script }) =>
        new Promise((resolve) => {
          process.after(time.between(0.5, 10), () => {
            const session = new SimulatedSession(this, process)
            this.#sessions.add(session)
            this.#deliver(session, readHostScript(script))
            resolve(session)
          })
        }),
      [Symbol.asyncDispose]: async () => undefined,
    }
  }

  /** The script is on its way, and arrives perhaps although the session ends meanwhile. */
  #deliver(session: SimulatedSession, script: HostScript): void {
    const { time } = this.parts
    const arrives = time.chance(0.5)
    time.after(time.between(1, 120), () => {
      if (session.isOver && !arrives) return
      const channel = time.random.pick(['out', 'err'] as const)
      if (this.isNoisy) session.write(channel, encoder.encode('Welcome to the machine.\n'))
      if (script.kind === 'stop') this.#spool(script.name).stop(script, session)
      else if (script.kind === 'remove') this.#spool(script.name).remove(script, session)
      else this.#spool(script.name).attach(script, session)
    })
  }

  #spool(name: string): SimulatedSpool {
    const known = this.spools.get(name) ?? new SimulatedSpool(name, this)
    this.spools.set(name, known)
    return known
  }

  forget(session: SimulatedSession): void {
    this.#sessions.delete(session)
  }

  /** Cuts sessions that are open now, each with this chance. */
  cut(chance: number, of?: SimulatedProcess): void {
    for (const session of Array.from(this.#sessions)) {
      if (of !== undefined && session.process !== of) continue
      if (this.parts.time.chance(chance)) session.cut()
    }
  }

  /** Nothing goes through for a while; who notices it meanwhile ends. */
  goDown(ms: number): void {
    const { time } = this.parts
    this.isUp = false
    const keepaliveMs = limits.keepaliveIntervalS * limits.keepaliveCountMax * 1_000
    for (const session of this.#sessions) {
      time.after(time.between(keepaliveMs, keepaliveMs + 5_000), () => {
        if (!this.isUp) session.cut()
      })
    }
    time.after(ms, () => {
      this.isUp = true
      for (const session of this.#sessions) session.pump()
    })
  }
}

/** One session, from the host's pipes through the link to the process that reads it. */
export class SimulatedSession implements RemoteChannel {
  readonly process: SimulatedProcess
  readonly output: AsyncIterable<ChannelBytes>
  readonly #host: SimulatedHost
  /** What the host has written and what is not yet on its way. */
  readonly #unsent: Record<SourceChannel, Uint8Array> = { out: nothing, err: nothing }
  #arrived: ChannelBytes[] = []
  #arrivedBytes = 0
  #isPumping = false
  #wake: (() => void) | undefined
  #end: 'none' | 'quiet' | 'thrown' = 'none'
  /** The remote side of the script has ended. */
  #isHostDone = false
  #isThrough = false
  /** Called when the reader has sent a word, and when there is room for more output. */
  onWord: (word: string) => void = () => undefined
  onRoom: () => void = () => undefined

  constructor(host: SimulatedHost, process: SimulatedProcess) {
    this.#host = host
    this.process = process
    this.output = this.#read()
  }

  get status(): number | null {
    return this.#isThrough ? 0 : null
  }

  get isOver(): boolean {
    return this.#end !== 'none'
  }

  /** Whether the host's pipe takes more now. */
  get hasRoom(): boolean {
    return this.#unsent.out.length + this.#unsent.err.length < pipeBytes
  }

  /** The host writes. */
  write(channel: SourceChannel, bytes: Uint8Array): void {
    if (this.isOver) return
    this.#unsent[channel] = joined(this.#unsent[channel], bytes)
    this.pump()
  }

  /** The host's script is over; the session ends when all is through. */
  finish(): void {
    this.#isHostDone = true
    this.pump()
  }

  pump(): void {
    if (this.#isPumping || this.isOver || !this.#host.isUp) return
    if (this.#arrivedBytes > windowBytes) return
    const { time } = this.#host.parts
    if (this.#isEmpty && !this.#isHostDone) return
    this.#isPumping = true
    time.after(time.between(0.3, 15), () => {
      this.#isPumping = false
      if (this.isOver || !this.#host.isUp) return
      if (!this.#isEmpty) this.#carry()
      else if (this.#isHostDone) {
        this.#isThrough = true
        this.#over('quiet')
      }
      this.pump()
    })
  }

  get #isEmpty(): boolean {
    return this.#unsent.out.length + this.#unsent.err.length === 0
  }

  /** The link or the session breaks at the byte that was just through. */
  cut(): void {
    if (this.isOver) return
    this.#over(this.#host.parts.time.chance(0.5) ? 'quiet' : 'thrown')
  }

  end(): void {
    // The end of stdin ends a durable follower, which the host does not need for anything.
    this.#host.parts.time.after(this.#host.parts.time.between(0.5, 40), () => this.finish())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isOver) this.#over('quiet')
  }

  #carry(): void {
    const { time } = this.#host.parts
    const { out, err } = this.#unsent
    const channel = err.length === 0 || (out.length > 0 && time.chance(0.5)) ? 'out' : 'err'
    const all = this.#unsent[channel]
    const size = Math.min(all.length, time.random.between(1, time.random.pick([3, 40, 400])))
    const bytes = all.slice(0, size)
    this.#unsent[channel] = all.subarray(size)
    this.#arrived.push({ channel, bytes })
    this.#arrivedBytes += size
    this.#ring()
    this.onRoom()
  }

  #over(end: 'quiet' | 'thrown'): void {
    this.#end = end
    this.#host.forget(this)
    this.#ring()
  }

  #ring(): void {
    this.process.happen(() => {
      this.#wake?.()
      this.#wake = undefined
    })
  }

  async *#read(): AsyncGenerator<ChannelBytes> {
    for (;;) {
      const piece = this.#arrived.shift()
      if (piece !== undefined) {
        this.#arrivedBytes -= piece.bytes.length
        this.pump()
        yield piece
      } else if (this.#end === 'thrown') {
        throw new AppError('connection-lost', 'The connection to the host was lost.')
      } else if (this.#end === 'quiet') {
        return
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }

  send(text: string): void {
    if (this.isOver) return
    const { time } = this.#host.parts
    time.after(time.between(0.5, 40), () => {
      if (!this.isOver && this.#host.isUp) this.onWord(text.trim())
    })
  }
}

/** Small, so that few bytes fill them. */
const pipeBytes = 200
const windowBytes = 300
const nothing = new Uint8Array(0)
const encoder = new TextEncoder()

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
