/** The connections to one host with one login, shared by all its sessions. */
import { setMaxListeners } from 'node:events'
import type {
  ConnectRequest,
  HostFindings,
  RemoteChannel,
  RemoteHost,
} from '../../core/remote/remote-host.ts'
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { Secret } from '../../shared/secret.ts'
import { openChannel } from './channel.ts'
import type { Gate } from './gate.ts'
import type { LoginGates } from './login-gates.ts'
import { login, type Master, type SshParts } from './master.ts'

export interface ConnectionsParts {
  readonly ssh: SshParts
  /** Handshakes under way to each server, and in all. */
  readonly gates: LoginGates
  readonly cpuGate: Gate
  /** A typed login is used by nobody else and ends with its user. */
  readonly typed: boolean
  /** Nothing is left of it: it may be forgotten. */
  readonly emptied: () => void
}

export class HostConnections {
  readonly #parts: ConnectionsParts
  readonly #masters = new Set<Master>()
  readonly #remembered = new Map<string, Secret>()
  #login: Promise<Login> | null = null
  #users = 0
  /** What the host's MaxSessions has taught us. */
  #sessionsMax: number = limits.channelsPerConnectionMax
  #cancelIdle: (() => void) | null = null
  readonly #findings: HostFindings = {}

  constructor(parts: ConnectionsParts) {
    this.#parts = parts
  }

  /** Logs in unless a connection is there. Rejects as `RemoteHosts.connect` says. */
  async join(request: ConnectRequest, signal: AbortSignal): Promise<RemoteHost> {
    this.#enter()
    try {
      while (!this.#alive().some(() => true)) await this.#oneMore(request, signal)
      return this.#share(request)
    } catch (thrown) {
      this.#exit()
      throw thrown
    }
  }

  async close(): Promise<void> {
    this.#cancelIdle?.()
    this.#remembered.clear()
    await Promise.all([...this.#masters].map((master) => master.close()))
  }

  #share(request: ConnectRequest): RemoteHost {
    const gone = new AbortController()
    // Every session that waits for a login listens: they are many, and no leak.
    setMaxListeners(0, gone.signal)
    return {
      findings: this.#findings,
      open: async ({ script, tty }) => {
        gone.signal.throwIfAborted()
        return this.#open({ script, tty }, request, gone.signal)
      },
      [Symbol.asyncDispose]: async () => {
        if (gone.signal.aborted) return
        gone.abort(new AppError('shutting-down', 'This share of the connection was given back.'))
        this.#exit()
      },
    }
  }

  #open(
    what: { readonly script: string; readonly tty: boolean },
    request: ConnectRequest,
    signal: AbortSignal,
  ): Promise<RemoteChannel> {
    this.#enter()
    const held = new Set<Master>()
    let attempts = 0
    const leave = (master: Master) => {
      if (!held.delete(master)) return
      master.sessions -= 1
      this.#exit()
    }
    return openChannel({
      ...what,
      leave,
      place: async (tried) => {
        if (tried !== null) {
          attempts += 1
          if (attempts > attemptsMax) return null
          if (tried.wasRefused && !this.#learn(tried.master)) return null
          // The place of the other attempt was given back at its end.
          this.#enter()
        }
        try {
          const master = await this.#place(request, signal)
          held.add(master)
          return master
        } catch (thrown) {
          this.#exit()
          throw thrown
        }
      },
    })
  }

  /** A connection with a free place, which is then taken. */
  async #place(request: ConnectRequest, signal: AbortSignal): Promise<Master> {
    for (;;) {
      const free = this.#alive().find((master) => master.sessions < this.#sessionsMax)
      if (free !== undefined) {
        free.sessions += 1
        free.sessionsEver += 1
        return free
      }
      await this.#oneMore(request, signal)
    }
  }

  /** False when even the first session of a connection is refused: more connections do not help. */
  #learn(refused: Master): boolean {
    if (refused.sessionsEver <= 1) return false
    this.#sessionsMax = Math.max(1, Math.min(this.#sessionsMax, refused.sessions))
    return true
  }

  #alive(): Master[] {
    return [...this.#masters].filter((master) => master.takesSessions)
  }

  /** Adds a connection, or waits for the one that somebody else is adding. */
  async #oneMore(request: ConnectRequest, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const others = this.#login
    if (others === null) {
      this.#login = this.#logIn(request, signal)
      const own = await this.#login
      this.#login = null
      if (own.kind === 'failed') throw own.error
      return
    }
    const result = await orAborted(others, signal)
    // What a person of another run did, or did not do, is not our answer: then it is our turn to ask.
    if (result.kind === 'failed' && !result.personal) throw result.error
  }

  async #logIn(request: ConnectRequest, signal: AbortSignal): Promise<Login> {
    const { clock } = this.#parts.ssh
    for (let tries = 1; ; tries++) {
      const result = await this.#tryLogin(request, signal)
      if (result.kind === 'ready') this.#add(result.master)
      if (result.kind === 'ready') return result
      const personal = signal.aborted || isPersonal(result.error)
      if (!result.throttled || tries === limits.loginTriesMax) return { ...result, personal }
      const longest = Math.min(limits.loginRetryMsMax, limits.loginRetryMsMin * 2 ** tries)
      await clock.sleep(longest * (0.5 + Math.random() / 2), signal)
    }
  }

  async #tryLogin(request: ConnectRequest, signal: AbortSignal) {
    const { ssh, gates, cpuGate } = this.#parts
    const leave: (() => void)[] = []
    try {
      leave.push(await gates.enter(request.destination, signal))
      const leaveCpu = await cpuGate.enter(signal)
      // What takes longer waits for the network, and must not hold others up.
      leave.push(leaveCpu, ssh.clock.after(cpuMs, leaveCpu))
      return await login(ssh, { request, signal, remembered: this.#remembered, asking: leaveCpu })
    } catch (error) {
      return { kind: 'failed', error, throttled: false } as const
    } finally {
      for (const action of leave) action()
    }
  }

  #add(master: Master): void {
    this.#masters.add(master)
    void master.ended.then(() => {
      this.#masters.delete(master)
      this.#rest()
    })
  }

  #enter(): void {
    this.#users += 1
    this.#cancelIdle?.()
    this.#cancelIdle = null
  }

  #exit(): void {
    this.#users -= 1
    this.#rest()
  }

  /** With no users left the connections are kept for a while; with no connections it is forgotten. */
  #rest(): void {
    if (this.#users > 0) return
    this.#cancelIdle?.()
    this.#cancelIdle = null
    if (this.#masters.size === 0) this.#parts.emptied()
    else if (this.#parts.typed) void this.close()
    else {
      const { clock } = this.#parts.ssh
      this.#cancelIdle = clock.after(limits.connectionIdleMs, () => void this.close())
    }
  }
}

type Login =
  | { readonly kind: 'ready' }
  /** `personal`: another person's login may still work. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly personal: boolean }

/** A handshake computes for 10 to 200 ms. */
const cpuMs = 500
/** Each refusal has taught us a lower limit, and lost connections are rare: this is only a guard. */
const attemptsMax = 4

const personal: readonly ErrorCode[] = [
  'login-cancelled',
  'login-timeout',
  'host-key-unknown',
  'password-refused',
]

function isPersonal(error: unknown): boolean {
  return !(error instanceof AppError) || personal.includes(error.code)
}

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort: () => void = () => undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort)
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
