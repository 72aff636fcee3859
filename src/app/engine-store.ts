/** The store of an engine, and whom it shares it with: the processes of a data directory, or the nodes of a Redis. */
import { systemClock } from '../adapters/system/clock.ts'
import { randomName } from '../adapters/system/ids.ts'
import { processNodes } from '../adapters/system/process-nodes.ts'
import type { Metrics } from '../core/metrics/metrics.ts'
import { createMemoryFiringBell, type FiringBell } from '../core/nodes/firing-bell.ts'
import type { Nodes } from '../core/nodes/nodes.ts'
import { createPollingRunWatch } from '../core/nodes/polling-run-watch.ts'
import type { RunWatch } from '../core/nodes/run-watch.ts'
import { noRunWords, type RunWords } from '../core/nodes/run-words.ts'
import type { Archive } from '../core/store/archive.ts'
import { HotBrake } from '../core/store/hot-brake.ts'
import type { LogStore } from '../core/store/log-store.ts'
import type { Tiers } from '../core/store/move-chunk.ts'
import type { RecordStore } from '../core/store/record-store.ts'
import type { RunCatalog } from '../core/store/run-catalog.ts'
import type { SessionStore } from '../core/store/session-store.ts'
import { TieredLog } from '../core/store/tiered-log.ts'
import { createCleanUp } from './clean-up.ts'
import type { RedisAccess } from './redis-access.ts'

export interface EngineStore extends AsyncDisposable {
  readonly log: LogStore
  readonly catalog: RunCatalog
  readonly sessions: SessionStore
  readonly records: RecordStore
  readonly watch: RunWatch
  readonly words: RunWords
  readonly firings: FiringBell
  /** Of a store that cannot keep all lines where they cost most; null for one that can. */
  readonly tiers: Tiers | null
  /** To be left before the store is closed. */
  readonly nodes: Nodes
}

export interface StorePlace {
  readonly directory: string
  readonly sync: 'full' | 'interval'
  /** One that several nodes share; null for the directory. */
  readonly redis: RedisAccess | null
  /** Directory for lines that leave Redis; null without one. */
  readonly archive: string | null
}

/** Figures of the store itself go to `metrics`. */
export async function openEngineStore(
  { directory, sync, redis, archive }: StorePlace,
  metrics: Metrics,
): Promise<EngineStore> {
  if (redis !== null) return openShared(redis, archive, metrics)
  const { openSqliteStore } = await import('../adapters/sqlite/sqlite-store.ts')
  const store = await openSqliteStore({ directory, sync })
  const watch = createPollingRunWatch(systemClock)
  const firings = createMemoryFiringBell()
  return { ...store, watch, words: noRunWords, firings, nodes: processNodes(), tiers: null }
}

async function openShared(
  { url, ca }: RedisAccess,
  directory: string | null,
  metrics: Metrics,
): Promise<EngineStore> {
  const [
    { openRedisStore },
    { RedisSubscriber },
    { RedisRunWatch },
    { createRedisRunWords },
    { createRedisFiringBell },
    { joinRedisNodes },
  ] = await Promise.all([
    import('../adapters/redis/redis-store.ts'),
    import('../adapters/redis/redis-subscriber.ts'),
    import('../adapters/redis/redis-run-watch.ts'),
    import('../adapters/redis/redis-run-words.ts'),
    import('../adapters/redis/redis-firing-bell.ts'),
    import('../adapters/redis/redis-nodes.ts'),
  ])
  const cleanUp = createCleanUp()
  try {
    const archive = directory === null ? null : await openArchive(directory)
    const hasArchive = archive !== null
    const brake = new HotBrake()
    const store = await openRedisStore({ url, ca: ca ?? undefined, hasArchive, metrics })
    cleanUp.add(() => store[Symbol.asyncDispose]())
    const subscriber = new RedisSubscriber(store.connection.newClient())
    cleanUp.add(() => subscriber[Symbol.asyncDispose]())
    const { log: hot, catalog, sessions, records, connection, keys } = store
    const parts = { connection, keys, subscriber, clock: systemClock, metrics, randomName }
    const nodes = await joinRedisNodes(parts)
    const watch = new RedisRunWatch(parts)
    return {
      log: archive === null ? hot : new TieredLog({ hot, archive, brake }, metrics),
      catalog,
      sessions,
      records,
      nodes,
      watch,
      words: createRedisRunWords(parts),
      firings: createRedisFiringBell(parts),
      tiers: { hot, archive, brake },
      [Symbol.asyncDispose]: () => cleanUp.run(),
    }
  } catch (thrown) {
    await cleanUp.run()
    throw thrown
  }
}

async function openArchive(directory: string): Promise<Archive> {
  const { openDirectoryArchive } = await import(
    '../adapters/archive-directory/directory-archive.ts'
  )
  return openDirectoryArchive(directory)
}
