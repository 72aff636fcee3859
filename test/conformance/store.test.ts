/** The stores of Farglass against what every store promises. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openRedisStore } from '../../src/adapters/redis/redis-store.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { createMetrics } from '../../src/core/metrics/metrics.ts'
import { HotBrake } from '../../src/core/store/hot-brake.ts'
import { MemoryArchive } from '../../src/core/store/memory-archive.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { TieredLog } from '../../src/core/store/tiered-log.ts'
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { testEpochs } from './epochs.conformance.ts'
import { testKept } from './kept.conformance.ts'
import { testProgress } from './progress.conformance.ts'
import { type TestedStore, testStore } from './store.conformance.ts'
import { testStoreAgainstModel } from './store-model.conformance.ts'

/** One server, and one cluster, for all stores, each under a prefix of its own. */
const servers: { plain?: RedisServer; cluster?: RedisCluster } = {}

beforeAll(async () => {
  servers.plain = await startRedis()
  servers.cluster = await startRedisCluster()
})

afterAll(async () => {
  await servers.plain?.[Symbol.asyncDispose]()
  await servers.cluster?.[Symbol.asyncDispose]()
})

const stores: Record<string, () => Promise<TestedStore>> = {
  memory: async () => createMemoryStore(),
  'memory with an archive': async () => {
    const store = createMemoryStore()
    return {
      ...store,
      log: new TieredLog(
        { hot: store.log, archive: new MemoryArchive(), brake: new HotBrake() },
        createMetrics(),
      ),
    }
  },
  'sqlite, sync full': () => openInNewDirectory('full'),
  'sqlite, sync interval': () => openInNewDirectory('interval'),
  redis: () => openUnderNewPrefix(servers.plain),
  // Refuses every script that touches two slots.
  'redis, cluster': () => openUnderNewPrefix(servers.cluster),
}

for (const [name, open] of Object.entries(stores)) {
  testStore(name, open)
  testProgress(name, open)
  testKept(name, open)
  testStoreAgainstModel(name, open)
  // SQLite loses nothing but by a power cut, of which it knows itself.
  if (!name.startsWith('sqlite')) testEpochs(name, open)
}

function openUnderNewPrefix(server: { readonly url: string } | undefined): Promise<TestedStore> {
  if (server === undefined) throw new Error('Redis has not been started.')
  // Numbers as the other stores give them, to be compared with theirs.
  return openRedisStore({ url: server.url, prefix: `${randomUUID()}:`, epochStep: () => 1 })
}

async function openInNewDirectory(sync: 'full' | 'interval'): Promise<TestedStore> {
  const directory = await mkdtemp(join(tmpdir(), 'farglass-store-'))
  const store = await openSqliteStore({ directory, sync })
  return {
    ...store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
