/** The stores of Farglass against what every store promises of documents. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openRedisStore } from '../../src/adapters/redis/redis-store.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { type RecordPlace, testRecords } from './records.conformance.ts'

const servers: { plain?: RedisServer; cluster?: RedisCluster } = {}

beforeAll(async () => {
  servers.plain = await startRedis()
  servers.cluster = await startRedisCluster()
})

afterAll(async () => {
  await servers.plain?.[Symbol.asyncDispose]()
  await servers.cluster?.[Symbol.asyncDispose]()
})

testRecords('memory', inMemory)
testRecords('sqlite, sync full', () => inNewDirectory('full'))
testRecords('sqlite, sync interval', () => inNewDirectory('interval'))
testRecords('redis', () => underNewPrefix(servers.plain))
testRecords('redis, cluster', () => underNewPrefix(servers.cluster))

/** It keeps nothing, so whoever opens it gets the same one. */
async function inMemory(): Promise<RecordPlace> {
  const { records, ...store } = createMemoryStore()
  return {
    open: async () => ({ records, [Symbol.asyncDispose]: async () => {} }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

async function inNewDirectory(sync: 'full' | 'interval'): Promise<RecordPlace> {
  const directory = await mkdtemp(join(tmpdir(), 'farglass-records-'))
  return {
    open: () => openSqliteStore({ directory, sync }),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

async function underNewPrefix(server: { readonly url: string } | undefined): Promise<RecordPlace> {
  if (server === undefined) throw new Error('Redis has not been started.')
  const prefix = `${randomUUID()}:`
  return {
    open: () => openRedisStore({ url: server.url, prefix }),
    [Symbol.asyncDispose]: async () => {},
  }
}
