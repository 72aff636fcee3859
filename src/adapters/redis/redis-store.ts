/**
 * The store that several nodes share: log, catalog, documents and sessions in one Redis
 * (docs/adr/0006-redis.md).
 */
import { randomInt } from 'node:crypto'
import { createMetrics, type Metrics } from '../../core/metrics/metrics.ts'
import type { HotLog } from '../../core/store/hot-log.ts'
import type { RecordStore } from '../../core/store/record-store.ts'
import type { RunCatalog } from '../../core/store/run-catalog.ts'
import type { SessionStore } from '../../core/store/session-store.ts'
import { limits } from '../../shared/limits.ts'
import { defaultPrefix, RedisKeys } from './keys.ts'
import * as logScripts from './log-scripts.ts'
import { openRedisLink } from './open-link.ts'
import * as recordScripts from './record-scripts.ts'
import { parseRedisUrl } from './redis-address.ts'
import { RedisCatalog } from './redis-catalog.ts'
import type { RedisLink } from './redis-link.ts'
import { RedisLog } from './redis-log.ts'
import { RedisRecords } from './redis-records.ts'
import { RedisSessions } from './redis-sessions.ts'
import * as runScripts from './run-scripts.ts'
import { RunWrites } from './run-writes.ts'

export interface RedisStore {
  readonly log: HotLog
  readonly catalog: RunCatalog
  readonly sessions: SessionStore
  readonly records: RecordStore
  /** For what else of a node lives in Redis: owners, bells. */
  readonly connection: RedisLink
  readonly keys: RedisKeys
  /** Waits for what is under way, which is bounded in time. */
  [Symbol.asyncDispose](): Promise<void>
}

export interface RedisOptions {
  /** As `parseRedisUrl` takes it. */
  readonly url: string
  /** Who may sign certificates of Redis, as PEM; without it, whom the system knows. */
  readonly ca?: string | undefined
  /** Lines that have left Redis are in an archive: a run that Redis has lost still begins with them. */
  readonly hasArchive?: boolean
  /** What all keys begin with, so that several can share one Redis. */
  readonly prefix?: string
  /** Where its commands are counted; nowhere to be seen by itself. */
  readonly metrics?: Metrics
  /** How far the number of a new ownership lies behind the one before; at random without it. */
  readonly epochStep?: () => number
}

/**
 * Opens the store. Rejects with `store-failed` and a sentence when Redis is away, lets us not in, or
 * is too old.
 */
export async function openRedisStore(options: RedisOptions): Promise<RedisStore> {
  const keys = new RedisKeys(options.prefix ?? defaultPrefix)
  const scripts = [
    ...Object.values(logScripts),
    ...Object.values(runScripts),
    ...Object.values(recordScripts),
  ]
  const address = parseRedisUrl(options.url)
  const { ca, metrics = createMetrics() } = options
  const connection = await openRedisLink({ address, ca, scripts, metrics })
  const writes = new RunWrites(connection, keys, options.hasArchive ?? false)
  const { epochStep = () => randomInt(1, limits.redisEpochStepMax) } = options
  const parts = { connection, keys, writes, epochStep }
  return {
    log: new RedisLog(parts),
    catalog: new RedisCatalog(parts),
    sessions: new RedisSessions(parts),
    records: new RedisRecords(parts),
    connection,
    keys,
    [Symbol.asyncDispose]: () => connection.close(),
  }
}
