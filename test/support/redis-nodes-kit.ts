/** Places on one real Redis, as several processes have them: each with its store, bell and node. */
import { randomUUID } from 'node:crypto'
import { createRedisFiringBell } from '../../src/adapters/redis/redis-firing-bell.ts'
import { joinRedisNodes } from '../../src/adapters/redis/redis-nodes.ts'
import { RedisRunWatch } from '../../src/adapters/redis/redis-run-watch.ts'
import { createRedisRunWords } from '../../src/adapters/redis/redis-run-words.ts'
import { openRedisStore, type RedisStore } from '../../src/adapters/redis/redis-store.ts'
import { RedisSubscriber } from '../../src/adapters/redis/redis-subscriber.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomName } from '../../src/adapters/system/ids.ts'
import { createMetrics } from '../../src/core/metrics/metrics.ts'
import type { FiringBell } from '../../src/core/nodes/firing-bell.ts'
import type { Nodes } from '../../src/core/nodes/nodes.ts'
import type { RunWatch } from '../../src/core/nodes/run-watch.ts'
import type { RunWords } from '../../src/core/nodes/run-words.ts'

export interface RedisPlace {
  readonly store: RedisStore
  readonly subscriber: RedisSubscriber
  readonly watch: RunWatch
  readonly words: RunWords
  readonly firings: FiringBell
}

export class RedisNodesKit implements AsyncDisposable {
  readonly #url: string
  readonly #prefix = `${randomUUID()}:`
  readonly #places: RedisPlace[] = []
  readonly #joined = new Map<Nodes, RedisPlace>()

  /** On a server that others use as well. */
  constructor({ url }: { readonly url: string }) {
    this.#url = url
  }

  async place(): Promise<RedisPlace> {
    const store = await openRedisStore({ url: this.#url, prefix: this.#prefix })
    const subscriber = new RedisSubscriber(store.connection.newClient())
    const parts = { ...store, subscriber }
    const place = {
      store,
      subscriber,
      watch: new RedisRunWatch(parts),
      words: createRedisRunWords(parts),
      firings: createRedisFiringBell(parts),
    }
    this.#places.push(place)
    return place
  }

  async join(): Promise<Nodes> {
    const place = await this.place()
    const { store, subscriber } = place
    const nodes = await joinRedisNodes({
      ...store,
      subscriber,
      clock: systemClock,
      metrics: createMetrics(),
      randomName,
    })
    this.#joined.set(nodes, place)
    return nodes
  }

  /** Nothing more comes from it, and it hears nothing. */
  kill(nodes: Nodes): void {
    const place = this.#joined.get(nodes)
    void place?.subscriber[Symbol.asyncDispose]()
    void place?.store[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const nodes of this.#joined.keys()) await nodes[Symbol.asyncDispose]()
    for (const { subscriber, store } of this.#places) {
      await subscriber[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    }
  }
}
