/** A Redis of several nodes in the shapes that it can have, and its crash, which a replica makes up for. */
import { setTimeout as sleep } from 'node:timers/promises'
import { startRedisCluster } from './redis-cluster.ts'
import { startRedisSentinel } from './redis-sentinel.ts'
import { type RedisServer, startRedis } from './redis-server.ts'
import { until } from './until.ts'

export type RedisKind = keyof typeof kinds

export interface SharedRedis extends AsyncDisposable {
  readonly url: string
  /** One command at the server that has the key. */
  cli(key: string, ...command: readonly string[]): Promise<string>
  /**
   * Kills that server with -9, and starts it again after this time, or when its replica has taken its
   * place. Resolves when the next one can be killed.
   */
  crash(key: string, forMs: number, signal: AbortSignal): Promise<void>
}

export function startSharedRedis(kind: RedisKind): Promise<SharedRedis> {
  return kinds[kind]()
}

const kinds = {
  alone: startAlone,
  'with a sentinel': startWithSentinel,
  'a cluster': startCluster,
}

async function startAlone(): Promise<SharedRedis> {
  const server = await startRedis()
  return {
    url: server.url,
    cli: (_, ...command) => server.cli(...command),
    crash: async (_, forMs, signal) => {
      await server.kill()
      await sleep(forMs, undefined, { signal }).catch(() => {})
      await server.start()
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

async function startWithSentinel(): Promise<SharedRedis> {
  const redis = await startRedisSentinel()
  return {
    url: redis.url,
    cli: async (_, ...command) => (await redis.primary()).cli(...command),
    crash: async () => {
      const primary = await redis.primary()
      await primary.kill()
      await takesOver(primary, () => redis.primary())
      await primary.start()
      await until('it has all as a replica', () => isLinked(primary), replicaMs)
    },
    [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
  }
}

async function startCluster(): Promise<SharedRedis> {
  const cluster = await startRedisCluster({ hasReplicas: true })
  return {
    url: cluster.url,
    cli: cluster.cli.bind(cluster),
    crash: async (key) => {
      const master = await cluster.ownerOf(key)
      await master.kill()
      await takesOver(master, () => cluster.ownerOf(key))
      await master.start()
      await until('it has all as a replica', () => isLinked(master), replicaMs)
      await until('the cluster is whole', () => cluster.isWhole(), replicaMs)
    },
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  }
}

/** A sentinel waits eight seconds before it makes a replica of who comes back. */
const replicaMs = 30_000

async function takesOver(before: RedisServer, now: () => Promise<RedisServer>): Promise<void> {
  await until(
    'the replica has taken over',
    async () => (await now().catch(() => before)) !== before,
    replicaMs,
  )
}

/** Whoever makes a replica of it ends all its connections, perhaps ours. */
async function isLinked(server: RedisServer): Promise<boolean> {
  const info = await server.cli('INFO', 'replication').catch(() => '')
  return info.includes('master_link_status:up')
}
