/**
 * A cluster of Redis: each command goes to the server that owns its slot, over one connection for each
 * server. Who owns what is asked for when a connection is lost or a server sends us elsewhere.
 */
import { Redis } from 'ioredis'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { redirectOf, SlotMap, slotOfCommand, unowned } from './cluster-slots.ts'
import { nameOf, oneOf, type ServerAddress } from './redis-address.ts'
import { type ConnectionOptions, clientOptions, RedisConnection } from './redis-connection.ts'
import { describeReply } from './redis-failure.ts'
import type { CommandArg, CommandWords, RedisLink } from './redis-link.ts'
import { textOf } from './replies.ts'
import { rovingConnector } from './roving-connector.ts'
import type { Script } from './script.ts'
import { type Outcome, type RoutedCommand, SlotLane } from './slot-lane.ts'

export class RedisCluster implements RedisLink {
  readonly #options: ConnectionOptions
  readonly #members = new Map<string, Member>()
  /** Those that take over slots own none yet, perhaps. */
  readonly #takers = new Set<string>()
  readonly #lanes = new Map<number, SlotLane>()
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #onReady: (() => void)[] = []
  #map = new SlotMap([])
  #isClosed = false
  #isLooking = false
  #isLookWanted = false
  #turn = 0

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  /** Resolves when it is known who owns what. Rejects when no server says so. */
  async connect(): Promise<void> {
    await this.#look()
    await this.send(['PING'])
  }

  get shown(): string {
    return this.#options.address.shown
  }

  get servers(): readonly RedisConnection[] {
    return this.#map.owners.map((owner) => this.#connectionTo(owner))
  }

  onReady(listener: () => void): void {
    this.#onReady.push(listener)
  }

  /** Whatever is said at one server is heard at all of them. */
  newClient(): Redis {
    const { tls, ...options } = clientOptions(this.#options)
    const next = () => {
      const { owners } = this.#map
      const [first] = this.#options.address.servers
      return owners[this.#turn++ % Math.max(1, owners.length)] ?? first
    }
    const Connector = rovingConnector(next, tls)
    return new Redis({ ...options, ...(tls !== undefined && { tls }), Connector })
  }

  send(words: CommandWords): Promise<unknown> {
    if (this.#isClosed) {
      return Promise.reject(new AppError('store-failed', 'The store is closed.'))
    }
    const answer = new Promise((resolve, reject) => {
      const deadlineMs = performance.now() + limits.redisAnswerMs
      this.#laneOf(slotOfCommand(words)).push({ words, deadlineMs, resolve, reject })
    })
    this.#underWay.add(answer)
    return answer.finally(() => {
      this.#underWay.delete(answer)
    })
  }

  run(script: Script, keys: readonly string[], args: readonly CommandArg[]): Promise<unknown> {
    return this.send(['EVALSHA', script.digest, String(keys.length), ...keys, ...args])
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const connections = [...this.#members.values()].map(({ connection }) => connection)
    if (connections.some(({ isReady }) => isReady)) await Promise.allSettled(this.#underWay)
    await Promise.all(connections.map((connection) => connection.close()))
  }

  #laneOf(slot: number): SlotLane {
    const known = this.#lanes.get(slot)
    if (known !== undefined) return known
    const lane = new SlotLane({
      transmit: (command, to) => this.#transmit(slot, command, to),
      onEmpty: () => this.#lanes.delete(slot),
      tooLate: () => unowned(this.shown),
    })
    this.#lanes.set(slot, lane)
    return lane
  }

  async #transmit(
    slot: number,
    { words, deadlineMs }: RoutedCommand,
    to: ServerAddress | undefined,
  ): Promise<Outcome> {
    const owner = to ?? this.#map.ownerOf(slot)
    if (owner === undefined) {
      this.#lookSoon()
      return { kind: 'again' }
    }
    if (to !== undefined) this.#takers.add(nameOf(to))
    const server = this.#connectionTo(owner)
    try {
      const ms = Math.max(1, deadlineMs - performance.now())
      const attempt = await server.attempt(words, { ms, isAsking: to !== undefined })
      if (attempt.kind !== 'refused') return attempt
      const redirect = redirectOf(attempt.reply, owner)
      if (redirect === undefined) {
        return { kind: 'failed', reason: describeReply(attempt.reply, server.shown) }
      }
      if (redirect.kind === 'moved') {
        this.#map = this.#map.withOwner(slot, redirect.to)
        this.#lookSoon()
      }
      return redirect
    } catch (reason) {
      return { kind: 'failed', reason }
    }
  }

  #connectionTo(address: ServerAddress): RedisConnection {
    const name = nameOf(address)
    const known = this.#members.get(name)
    if (known !== undefined) return known.connection
    const one = oneOf(this.#options.address, address)
    const connection = new RedisConnection({ ...this.#options, address: one })
    this.#members.set(name, { address, connection })
    connection.onReady(() => {
      for (const listener of this.#onReady) listener()
    })
    connection.onLost(() => this.#lookSoon())
    // Who waits for it hears what is wrong.
    connection.connect().catch(() => {})
    return connection
  }

  /** At once, and again until all owners can be reached. */
  #lookSoon(): void {
    this.#isLookWanted = true
    if (this.#isLooking || this.#isClosed) return
    this.#isLooking = true
    void this.#lookOn().finally(() => {
      this.#isLooking = false
    })
  }

  async #lookOn(): Promise<void> {
    while (
      !this.#isClosed &&
      (this.#isLookWanted || !this.servers.every(({ isReady }) => isReady))
    ) {
      this.#isLookWanted = false
      await this.#look().catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, limits.redisRetryMsMax).unref())
    }
  }

  /** The first answer counts of a server that is not cut off from the others; all may have moved. */
  async #look(): Promise<void> {
    if (!this.servers.some(({ isReady }) => isReady)) {
      for (const server of this.#options.address.servers) this.#connectionTo(server)
    }
    try {
      this.#use(await Promise.any([...this.#members.values()].map(viewOf)))
    } catch (thrown) {
      throw thrown instanceof AggregateError ? thrown.errors[0] : thrown
    }
  }

  /** What a server that owns nothing any more has not answered is sent to who does. */
  #use(map: SlotMap): void {
    this.#map = map
    const owners = new Set(map.owners.map(nameOf))
    for (const owner of map.owners) this.#connectionTo(owner)
    for (const [name, { connection }] of this.#members) {
      if (owners.has(name)) this.#takers.delete(name)
      else if (!this.#takers.has(name)) {
        this.#members.delete(name)
        connection.giveUp()
      }
    }
  }
}

interface Member {
  readonly address: ServerAddress
  readonly connection: RedisConnection
}

async function viewOf({ address, connection }: Member): Promise<SlotMap> {
  const [state, slots] = await Promise.all([
    connection.send(['CLUSTER', 'INFO']),
    connection.send(['CLUSTER', 'SLOTS']),
  ])
  if (!textOf(state).includes('cluster_state:ok')) throw unowned(connection.shown)
  return SlotMap.parse(slots, address)
}
