/**
 * One server of Redis, connected to again and again: commands take effect in the order of the calls.
 *
 * What was on its way when the connection broke is sent again. A command without an answer ends its
 * connection: what a Redis that stands still has not read could otherwise grow without bound.
 */
import { Redis, type RedisOptions } from 'ioredis'
import type { Metrics } from '../../core/metrics/metrics.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { RedisAddress } from './redis-address.ts'
import { describeReply, isRedirect, unreachable } from './redis-failure.ts'
import type { CommandArg, CommandWords, RedisLink } from './redis-link.ts'
import type { Script } from './script.ts'

export interface ConnectionOptions {
  readonly address: RedisAddress
  /** Who may sign certificates of Redis, as PEM; without it, whom the system knows. */
  readonly ca?: string | undefined
  /** Kept in Redis, and given to it anew with each connection. */
  readonly scripts: readonly Script[]
  readonly metrics: Metrics
}

/** What became of a command that was sent. */
export type Attempt =
  | { readonly kind: 'answer'; readonly value: unknown }
  /** In the words of Redis. */
  | { readonly kind: 'refused'; readonly reply: string }
  /** This server is asked no more; it may have taken effect or not. */
  | { readonly kind: 'returned' }

export interface AttemptOptions {
  /** Until it is given up with `store-busy`. */
  readonly ms?: number
  /** The server takes over the slot, and does not own it yet. */
  readonly isAsking?: boolean
}

export class RedisConnection implements RedisLink {
  readonly #options: ConnectionOptions
  readonly #client: Redis
  /** Sent, without an answer when the connection broke. */
  #again: Command[] = []
  #waiting: Command[] = []
  readonly #commands = new Set<Command>()
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #onReady: (() => void)[] = []
  readonly #onLost: (() => void)[] = []
  #isReady = false
  #wasReady = false
  #isClosed = false
  #handshake: NodeJS.Timeout | undefined
  #lastError: string | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#client = new Redis({ ...clientOptions(options), ...ownQueue })
    this.#client.on('connect', () => this.#expectReady())
    this.#client.on('ready', () => this.#ready())
    this.#client.on('close', () => this.#lost())
    this.#client.on('error', (error: Error) => {
      this.#lastError = reasonOf(error)
    })
  }

  /** Resolves when Redis answers; rejects with a sentence when it does not, or lets us not in. */
  async connect(): Promise<void> {
    const refused = new Promise<never>((_, reject) => {
      this.#client.on('error', (error: Error) => {
        if (error.name === 'ReplyError') reject(describeReply(error.message, this.shown))
      })
    })
    // Redis could be away: then the first command says so.
    this.#client.connect().catch(() => {})
    await Promise.race([this.send(['PING']), refused])
  }

  /** The address without its secrets. */
  get shown(): string {
    return this.#options.address.shown
  }

  /** A connection of its own, for who must listen: not yet connected, and connects again by itself. */
  newClient(): Redis {
    return new Redis(clientOptions(this.#options))
  }

  onReady(listener: () => void): void {
    this.#onReady.push(listener)
  }

  /** Called whenever the connection has ended; it is made anew by itself. */
  onLost(listener: () => void): void {
    this.#onLost.push(listener)
  }

  get isReady(): boolean {
    return this.#isReady
  }

  get servers(): readonly [this] {
    return [this]
  }

  async send(words: CommandWords): Promise<unknown> {
    const attempt = await this.attempt(words)
    switch (attempt.kind) {
      case 'answer':
        return attempt.value
      case 'refused':
        throw describeReply(attempt.reply, this.shown)
      case 'returned':
        throw unreachable(this.shown, this.#lastError)
    }
  }

  /** The same for who knows what to do with a refusal. Rejects with `store-busy` without an answer. */
  attempt(words: CommandWords, options: AttemptOptions = {}): Promise<Attempt> {
    if (this.#isClosed) {
      return Promise.reject(new AppError('store-failed', 'The store is closed.'))
    }
    const attempt = this.#enqueue(words, options)
    this.#underWay.add(attempt)
    return attempt.finally(() => {
      this.#underWay.delete(attempt)
    })
  }

  run(script: Script, keys: readonly string[], args: readonly CommandArg[]): Promise<unknown> {
    return this.send(['EVALSHA', script.digest, String(keys.length), ...keys, ...args])
  }

  /** Asks this server nothing more; what has no answer is given back. */
  giveUp(): void {
    this.#isClosed = true
    this.#client.disconnect()
    clearTimeout(this.#handshake)
    for (const command of this.#commands) {
      this.#finish(command, () => command.resolve({ kind: 'returned' }))
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const away = this.#isReady ? [] : [...this.#again.splice(0), ...this.#waiting.splice(0)]
    for (const command of away) {
      this.#finish(command, () => command.reject(unreachable(this.shown, this.#lastError)))
    }
    await Promise.allSettled(this.#underWay)
    this.#client.disconnect()
    clearTimeout(this.#handshake)
  }

  #enqueue(
    words: CommandWords,
    { ms = limits.redisAnswerMs, isAsking = false }: AttemptOptions,
  ): Promise<Attempt> {
    return new Promise((resolve, reject) => {
      const command: Command = { words, isAsking, resolve, reject, isSent: false, isDone: false }
      this.#commands.add(command)
      const timer = setTimeout(() => {
        this.#countFailure('unanswered')
        this.#finish(command, () => reject(unreachable(this.shown, this.#lastError)))
        this.#again = this.#again.filter((one) => one !== command)
        this.#waiting = this.#waiting.filter((one) => one !== command)
        if (command.isSent) this.#client.disconnect(true)
      }, ms)
      command.timer = timer
      const isFree = this.#isReady && this.#again.length === 0 && this.#waiting.length === 0
      if (isFree) this.#transmit(command)
      else this.#waiting.push(command)
    })
  }

  #transmit(command: Command): void {
    const [name, ...args] = command.words
    const sentMs = performance.now()
    command.isSent = true
    // It counts for the one command behind it.
    if (command.isAsking) this.#client.call('ASKING').catch(nothing)
    this.#client.callBuffer(name, args.map(toClientArg)).then(
      (value) => {
        this.#options.metrics.observe(
          'farglass_redis_seconds',
          (performance.now() - sentMs) / 1_000,
        )
        this.#finish(command, () => command.resolve({ kind: 'answer', value }))
      },
      (error: Error) => this.#refused(command, error),
    )
  }

  #refused(command: Command, error: Error): void {
    if (command.isDone) return
    const isReply = error.name === 'ReplyError'
    if (isReply && !error.message.startsWith('NOSCRIPT')) {
      const reply = error.message
      if (!isRedirect(reply)) this.#countFailure('refused')
      this.#finish(command, () => command.resolve({ kind: 'refused', reply }))
      // The primary may be another one now, behind the same name.
      if (reply.startsWith('READONLY')) this.#client.disconnect(true)
      return
    }
    command.isSent = false
    this.#again.push(command)
    // A new connection is given the scripts first, so that the order of the calls stays.
    if (isReply) this.#client.disconnect(true)
  }

  #countFailure(reason: 'refused' | 'unanswered'): void {
    this.#options.metrics.add('farglass_redis_failures_total', 1, { reason })
  }

  /** A Redis that stands still takes connections and then says nothing. */
  #expectReady(): void {
    clearTimeout(this.#handshake)
    this.#handshake = setTimeout(() => this.#client.disconnect(true), limits.redisAnswerMs)
  }

  #ready(): void {
    clearTimeout(this.#handshake)
    this.#lastError = undefined
    if (this.#wasReady) this.#options.metrics.add('farglass_redis_reconnects_total')
    this.#wasReady = true
    for (const { text } of this.#options.scripts) {
      // One that is refused shows when it is called.
      this.#client.call('SCRIPT', 'LOAD', text).catch(nothing)
    }
    this.#isReady = true
    const commands = [...this.#again.splice(0), ...this.#waiting.splice(0)]
    for (const command of commands) this.#transmit(command)
    for (const listener of this.#onReady) listener()
  }

  #lost(): void {
    clearTimeout(this.#handshake)
    this.#isReady = false
    for (const listener of this.#onLost) listener()
  }

  #finish(command: Command, settle: () => void): void {
    if (command.isDone) return
    command.isDone = true
    clearTimeout(command.timer)
    this.#commands.delete(command)
    settle()
  }
}

interface Command {
  readonly words: CommandWords
  readonly isAsking: boolean
  readonly resolve: (attempt: Attempt) => void
  readonly reject: (reason: AppError) => void
  timer?: NodeJS.Timeout
  isSent: boolean
  isDone: boolean
}

type ClientOptions = Omit<RedisOptions, 'replyMapping'>

/** How a server is connected to, by whoever does it. */
export function clientOptions({
  address,
  ca,
}: Pick<ConnectionOptions, 'address' | 'ca'>): ClientOptions {
  const { servers, sentinel, db, username, password, tls } = address
  const secured = { tls: ca === undefined ? {} : { ca } }
  return {
    ...(sentinel === undefined ? servers[0] : sentinelOptions(address, secured)),
    db,
    lazyConnect: true,
    protocol: 2,
    connectTimeout: limits.redisAnswerMs,
    // One more command that the user of an access list would have to be allowed.
    disableClientInfo: true,
    retryStrategy: (tries) =>
      Math.min(limits.redisRetryMsMin * 2 ** Math.min(tries, 10), limits.redisRetryMsMax),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && secured),
  }
}

/** The primary is looked for anew with each connection. */
function sentinelOptions(
  { servers, sentinel, tls }: RedisAddress,
  secured: Required<Pick<ClientOptions, 'tls'>>,
): ClientOptions {
  if (sentinel === undefined) return {}
  const { primary, username, password } = sentinel
  return {
    sentinels: [...servers],
    name: primary,
    sentinelCommandTimeout: limits.redisSentinelMs,
    ...(username !== undefined && { sentinelUsername: username }),
    ...(password !== undefined && { sentinelPassword: password }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: secured.tls }),
  }
}

/** All that was sent is handed back when a connection ends: order and deadlines are kept here. */
const ownQueue: ClientOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
}

function toClientArg(arg: CommandArg): string | Buffer {
  return typeof arg === 'string' ? arg : Buffer.from(arg.buffer, arg.byteOffset, arg.byteLength)
}

/** Its message only: the error itself holds what was sent, with the password. */
function reasonOf(error: Error): string {
  const errors = error instanceof AggregateError ? error.errors : []
  const [first] = errors
  return first instanceof Error ? first.message : error.message
}

function nothing(): void {}
