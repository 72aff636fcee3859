/** One logged-in connection: an `ssh -M -N` of ours that holds it for all its sessions. */
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import type { ConnectRequest } from '../../core/remote/remote-host.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { Secret } from '../../shared/secret.ts'
import type { AskpassServer } from './askpass-server.ts'
import { hostWords, isThrottled, type LoginFacts, loginError } from './failure.ts'
import { hostText } from './host-text.ts'
import { hostKeyError } from './known-hosts.ts'
import { LoginQuestions } from './login-questions.ts'
import { openProxyConnection, type ProxyConnection } from './proxy-connection.ts'
import { randomName } from './random-name.ts'
import { type ConfigAnswers, type ConfigValues, settingsIn } from './resolve-destination.ts'
import { sentEnvironment } from './sent-environment.ts'
import type { SessionChannel, SessionRequest } from './session-channel.ts'
import type { Spawner } from './spawner.ts'
import { endProcess, hasEnded } from './spawner.ts'
import { askpassEnvironment, masterArgs, type SshSetup, sshEnvironment } from './ssh-args.ts'
import type { Watchdog } from './watchdog.ts'

/** What every connection of one Farglass uses. */
export interface SshParts {
  readonly setup: SshSetup
  readonly directory: string
  readonly askpassProgram: string
  readonly askpass: AskpassServer
  readonly watchdog: Watchdog
  readonly spawner: Spawner
  readonly clock: Clock
  readonly config: ConfigAnswers
}

export interface LoginAttempt {
  readonly request: ConnectRequest
  readonly remembered: Map<string, Secret>
  readonly signal: AbortSignal
  /** From now on the login waits for a person. */
  readonly asking: () => void
}

export type LoginResult =
  | { readonly kind: 'ready'; readonly master: Master }
  /** `throttled`: the host has dropped us before the login; trying again later may work. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly throttled: boolean }

/** Logs in once. Never rejects. */
export async function login(parts: SshParts, attempt: LoginAttempt): Promise<LoginResult> {
  const { request } = attempt
  const { text } = request.destination
  const resolved = async () => {
    const config = await parts.config.of(request.destination)
    const settings = config === null ? null : settingsIn(config)
    return settings === null ? null : { ...settings, host: settings.hostName }
  }
  const describe = async () => hostWords({ text, resolved: await resolved() })
  const ending = new AbortController()
  const signal = AbortSignal.any([attempt.signal, ending.signal])
  const deadline = new Deadline(parts.clock, () => ending.abort(tooSlow(request)))
  let master: Master | undefined
  const questions = new LoginQuestions({
    request,
    remembered: attempt.remembered,
    describe,
    pid: () => master?.pid,
    fail: (error) => ending.abort(error),
    waiting(open) {
      if (open) attempt.asking()
      if (open) deadline.pause()
      else deadline.resume()
    },
  })
  const admitted = parts.askpass.admit((asked, gone) =>
    questions.answer(asked, AbortSignal.any([signal, gone])),
  )
  try {
    deadline.resume()
    // Asked while the handshake is under way.
    const config = parts.config.of(request.destination)
    master = await startMaster(parts, request, admitted.nonce)
    if (await master.ready(config, signal)) {
      questions.remember()
      return { kind: 'ready', master }
    }
    signal.throwIfAborted()
    return await explain({
      said: master.said,
      text,
      resolved: await resolved(),
      typed: request.login !== undefined,
      secretGiven: questions.secretGiven,
    })
  } catch (thrown) {
    await master?.close()
    return { kind: 'failed', error: thrown, throttled: false }
  } finally {
    deadline.pause()
    admitted.revoke()
    ending.abort()
  }
}

export class Master {
  /** Resolves when the connection has ended, for whatever reason. */
  readonly ended: Promise<void>
  /** Sessions that use it now, and that have ever used it. */
  sessions = 0
  sessionsEver = 0
  readonly #child: ChildProcess
  readonly #socketPath: string
  readonly #request: ConnectRequest
  readonly #clock: Clock
  #link: ProxyConnection | null = null
  #environment: ReadonlyMap<string, string> = new Map()
  #said = ''
  /** What the host has done against the protocol; empty when nothing. */
  #fault = ''
  #isClosing = false

  constructor(child: ChildProcess, request: ConnectRequest, way: MasterWay) {
    this.#child = child
    this.#request = request
    this.#clock = way.clock
    this.#socketPath = way.socketPath
    this.ended = new Promise((resolve) => {
      child.once('close', () => resolve())
      // A jump host's ssh may keep stderr open for longer than anybody should wait.
      child.once('exit', () => way.clock.after(wordsMs, resolve))
    })
    child.stderr?.setEncoding('utf8')
    child.stderr?.on('data', (text: string) => {
      this.#said = `${this.#said}${text}`.slice(-saidCharsMax)
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** ssh removes its socket before it ends, and its end is only seen some time after that. */
  get takesSessions(): boolean {
    if (this.#isClosing || hasEnded(this.#child)) return false
    return this.#link?.isOpen === true && existsSync(this.#socketPath)
  }

  /** The end of what ssh has said on its stderr. */
  get said(): string {
    return this.#said
  }

  /** Resolves with true once sessions can be opened, with false when ssh has ended instead. */
  async ready(config: Promise<ConfigValues | null>, signal: AbortSignal): Promise<boolean> {
    // ssh makes the socket under its final name only after the login has worked.
    while (!existsSync(this.#socketPath)) {
      if (hasEnded(this.#child)) {
        await this.ended
        return false
      }
      signal.throwIfAborted()
      await this.#clock.sleep(readyPollMs, signal)
    }
    // The host's banner belongs to the login; from now on ssh speaks of the connection.
    this.#said = ''
    const [link, values] = await Promise.all([this.#join(signal), config])
    if (link === null) return false
    this.#environment = sentEnvironment(values ?? new Map(), sshEnvironment())
    this.#link = link
    // Without its socket the connection is of no use, whatever ssh thinks of it.
    void link.ended.then((why) => {
      if (why instanceof RangeError) this.#fault = ` ${why.message}`
      return this.close()
    })
    return true
  }

  /** Must be ready. */
  open({ command, terminal }: Omit<SessionRequest, 'environment'>): SessionChannel {
    if (this.#link === null) throw new Error('Sessions need a login first.')
    return this.#link.open({ command, terminal, environment: this.#environment })
  }

  /** Why a session has ended together with this connection. Waits for the words of ssh. */
  async lostError(): Promise<AppError> {
    await Promise.race([this.ended, this.#clock.sleep(lastWordsMs)])
    const host = hostWords({ text: this.#request.destination.text, resolved: null })
    const said = hostText(this.#said)
    const why = said === '' ? this.#fault : ` ssh said: "${said}"`
    return new AppError('connection-lost', `The connection to ${lowerFirst(host)} was lost.${why}`)
  }

  /** Ends it and all its sessions. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.#link?.destroy()
    await endProcess(this.#child, this.#clock)
    await this.ended
  }

  /** Null when ssh has ended meanwhile. */
  async #join(signal: AbortSignal): Promise<ProxyConnection | null> {
    try {
      return await openProxyConnection(this.#socketPath, signal)
    } catch (cause) {
      signal.throwIfAborted()
      await Promise.race([this.ended, this.#clock.sleep(lastWordsMs, signal)])
      if (hasEnded(this.#child)) return null
      const message = 'The "ssh" program does not let sessions share its connection.'
      throw new AppError('ssh-failed', message, { cause, hint: oldSshHint })
    }
  }
}

interface MasterWay {
  readonly socketPath: string
  readonly clock: Clock
}

/** Looking for the socket is cheap; this adds some 4 ms on average to a login. */
const readyPollMs = 8
const wordsMs = 200
/** How long after its socket the end of ssh may be seen. */
const lastWordsMs = 500
const oldSshHint =
  'Farglass needs OpenSSH 7.4 or newer; "farglass doctor" tells which one is there.'
const saidCharsMax = 16 * 1024

async function startMaster(
  parts: SshParts,
  request: ConnectRequest,
  nonce: string,
): Promise<Master> {
  const { clock, askpass, askpassProgram: program } = parts
  const socketPath = join(parts.directory, `m${randomName().slice(0, 8)}`)
  const { destination } = request
  const typed = request.login !== undefined
  const child = await parts.spawner.start(
    masterArgs(parts.setup, { destination, socketPath, typed }),
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: sshEnvironment(askpassEnvironment({ program, socketPath: askpass.socketPath, nonce })),
    },
  )
  const { pid } = child
  if (pid !== undefined) {
    parts.watchdog.guard(pid)
    child.once('exit', () => parts.watchdog.release(pid))
  }
  return new Master(child, request, { socketPath, clock })
}

async function explain(facts: LoginFacts): Promise<LoginResult> {
  const error = (await hostKeyError(facts)) ?? loginError(facts)
  const throttled = error.code === 'connection-closed' && isThrottled(facts.said)
  return { kind: 'failed', error, throttled }
}

function tooSlow({ destination }: ConnectRequest): AppError {
  const host = hostWords({ text: destination.text, resolved: null })
  return new AppError('connection-timeout', `${host} did not finish the login in time.`)
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}

/** A time limit that can be held while a person thinks. */
class Deadline {
  readonly #clock: Clock
  readonly #action: () => void
  #leftMs: number = limits.loginTimeoutMs
  #since = 0
  #cancel: (() => void) | null = null

  constructor(clock: Clock, action: () => void) {
    this.#clock = clock
    this.#action = action
  }

  resume(): void {
    this.pause()
    this.#since = this.#clock.elapsed()
    this.#cancel = this.#clock.after(this.#leftMs, this.#action)
  }

  pause(): void {
    if (this.#cancel === null) return
    this.#cancel()
    this.#cancel = null
    this.#leftMs = Math.max(0, this.#leftMs - (this.#clock.elapsed() - this.#since))
  }
}
