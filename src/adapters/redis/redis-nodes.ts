/**
 * The nodes of one Redis: each keeps a lease there while it lives, and hears what others ask it for.
 *
 * The lease is a key that expires by the clock of Redis. A node is taken for dead when the key is
 * missing for a while, not at the first look: after Redis itself was away, or had lost its keys, those
 * who live need a moment to say so again.
 */
import { hostname } from 'node:os'
import type { Clock } from '../../core/clock.ts'
import type { Metrics } from '../../core/metrics/metrics.ts'
import { cannotBeAsked, type NodeRequest, type Nodes } from '../../core/nodes/nodes.ts'
import { limits } from '../../shared/limits.ts'
import type { RedisKeys } from './keys.ts'
import { NodeAsks } from './node-asks.ts'
import { NodeRoster } from './node-roster.ts'
import type { RedisLink } from './redis-link.ts'
import type { RedisSubscriber } from './redis-subscriber.ts'

export interface RedisNodesParts {
  readonly connection: RedisLink
  readonly subscriber: RedisSubscriber
  readonly keys: Pick<RedisKeys, 'prefix' | 'nodes'>
  readonly clock: Clock
  readonly metrics: Metrics
  /** Unguessable `[a-z0-9]`. */
  readonly randomName: (length: number) => string
}

/** Resolves when the others can see this node. Rejects as the store does. */
export async function joinRedisNodes(parts: RedisNodesParts): Promise<Nodes> {
  const nodes = new RedisNodes(parts)
  await nodes.renew()
  nodes.keepLease()
  nodes.keepCount()
  return nodes
}

class RedisNodes implements Nodes {
  readonly own: string
  readonly #parts: RedisNodesParts
  readonly #asks: NodeAsks
  readonly #over = new AbortController()
  /** Since when the lease of an owner is missing. Steady clock. */
  readonly #missing = new Map<string, number>()
  /** Before this nobody is taken for dead. Steady clock. */
  #patientUntil = 0

  constructor(parts: RedisNodesParts) {
    this.#parts = parts
    // For people the host and the process; only the last part makes it unique.
    const host = hostname().replace(/[^A-Za-z0-9.-]/g, '-')
    this.own = `${host}-${process.pid}-${parts.randomName(12)}`
    this.#asks = new NodeAsks({ ...parts, own: this.own, channel: channelOf(parts, this.own) })
  }

  async renew(): Promise<void> {
    await this.#parts.connection.send([
      'SET',
      leaseOf(this.#parts, this.own),
      this.#asks.publicKey,
      'PX',
      String(limits.nodeLeaseMs),
    ])
  }

  keepLease(): void {
    const { connection, clock } = this.#parts
    connection.onReady(() => {
      this.#missing.clear()
      this.#patientUntil = clock.elapsed() + limits.nodeLeaseMs
      if (!this.#over.signal.aborted) void this.#tryToRenew()
    })
    const keep = async () => {
      const { signal } = this.#over
      for (;;) {
        await clock.sleep(limits.nodeRenewMs, signal)
        if (signal.aborted) return
        await this.#tryToRenew()
      }
    }
    void keep()
  }

  /** The number of living nodes at `/metrics`: one reading must not wait for a Redis that is away. */
  keepCount(): void {
    const { clock, metrics } = this.#parts
    const isLiving = async (name: string) => isLife(await this.#lease(name))
    const roster = new NodeRoster({ ...this.#parts, isLiving })
    const keep = async () => {
      const { signal } = this.#over
      while (!signal.aborted) {
        const count = await roster.count(this.own).catch(() => undefined)
        if (count !== undefined) metrics.set('farglass_nodes', count)
        await clock.sleep(limits.nodeCountEveryMs, signal)
      }
    }
    void keep()
  }

  async isAlive(owner: string): Promise<boolean> {
    if (owner === this.own) return true
    const lease = await this.#lease(owner)
    if (lease === leftWord) return false
    if (lease !== undefined) {
      this.#missing.delete(owner)
      return true
    }
    const now = this.#parts.clock.elapsed()
    const since = this.#missing.get(owner) ?? now
    this.#missing.set(owner, since)
    if (now - since < limits.nodeDoubtMs || now < this.#patientUntil) return true
    this.#missing.delete(owner)
    return false
  }

  async ask(owner: string, request: NodeRequest): Promise<void> {
    const lease = await this.#lease(owner)
    if (!isLife(lease)) throw cannotBeAsked(request)
    await this.#asks.ask({ key: lease, channel: channelOf(this.#parts, owner), request })
  }

  serve(handle: (request: NodeRequest) => Promise<void>): void {
    this.#asks.serve(handle)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort()
    this.#asks.close()
    const { connection } = this.#parts
    const ms = String(limits.nodeLeaseMs)
    // Redis that is away sees the lease end by itself.
    await connection
      .send(['SET', leaseOf(this.#parts, this.own), leftWord, 'PX', ms])
      .catch(() => undefined)
  }

  /** A node that cannot renew goes on: if another takes its runs over, the epoch fences it. */
  async #tryToRenew(): Promise<void> {
    await this.renew().catch(() => undefined)
  }

  async #lease(owner: string): Promise<string | undefined> {
    const value = await this.#parts.connection.send(['GET', leaseOf(this.#parts, owner)])
    return value instanceof Uint8Array ? Buffer.from(value).toString() : undefined
  }
}

/** Instead of a key for asks: it has left, and what it owned may be taken over at once. */
const leftWord = 'left'

/** Whether the lease is the key of a node that can be asked. */
function isLife(lease: string | undefined): lease is string {
  return lease !== undefined && lease !== leftWord
}

type Place = Pick<RedisNodesParts, 'keys'>

function leaseOf({ keys }: Place, name: string): string {
  return `${keys.prefix}node:${name}`
}

function channelOf({ keys }: Place, name: string): string {
  return `${keys.prefix}node:${name}:ask`
}
