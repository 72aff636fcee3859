/** What every log promises that can let go of old lines: memory and Redis. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRedisStore } from '../../src/adapters/redis/redis-store.ts'
import type { HotLog } from '../../src/core/store/hot-log.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { addRun, appendTo, lines, newRun, type TestedStore } from './store.conformance.ts'

const servers: { plain?: RedisServer; cluster?: RedisCluster } = {}

beforeAll(async () => {
  servers.plain = await startRedis()
  servers.cluster = await startRedisCluster()
})

afterAll(async () => {
  await servers.plain?.[Symbol.asyncDispose]()
  await servers.cluster?.[Symbol.asyncDispose]()
})

type HotStore = TestedStore & { readonly log: HotLog }

const stores: Record<string, () => Promise<HotStore>> = {
  memory: async () => createMemoryStore(),
  redis: () => openUnderNewPrefix(servers.plain),
  'redis, cluster': () => openUnderNewPrefix(servers.cluster),
}

describe.each(Object.entries(stores))('%s: hot log', (_, open) => {
  test('lets go of archived lines at any position, and the run keeps its begin', async () => {
    await using store = await open()
    const run = await addThreeBatches(store)
    for (let before = 0; before <= 6; before++) {
      await store.log.trim(run.id, { before, isArchived: true })
      expect(await store.log.hotBounds(run.id)).toEqual({ first: 0, hot: before, next: 6 })
      const groups = await store.log.read(run.id, 0, 1_000)
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(6 - before)
      expect(groups[0]?.pos).toBe(before === 6 ? undefined : before)
    }
    expect(await store.log.append(appendTo(run, 6, lines('g')))).toMatchObject({ next: 7 })
    expect((await store.log.read(run.id, 0, 1_000))[0]?.pos).toBe(6)
    expect(await store.catalog.get(run.id)).toMatchObject({ first: 0, next: 7, lines: 7 })
  })

  test('lines that are kept nowhere else move the begin of the run', async () => {
    await using store = await open()
    const run = await addThreeBatches(store)
    await store.log.trim(run.id, { before: 3, isArchived: false })
    expect(await store.log.bounds(run.id)).toMatchObject({ first: 3, next: 6 })
    expect(await store.catalog.get(run.id)).toMatchObject({ first: 3, next: 6, lines: 6 })
  })

  test('never goes back, nor beyond the end, and does the same twice', async () => {
    await using store = await open()
    const run = await addThreeBatches(store)
    for (const [before, hot] of [
      [4, 4],
      [2, 4],
      [4, 4],
      [100, 6],
    ] as const) {
      await store.log.trim(run.id, { before, isArchived: true })
      expect(await store.log.hotBounds(run.id)).toMatchObject({ hot, next: 6 })
    }
    await store.log.trim(newRun().id, { before: 1, isArchived: true })
    expect(await store.log.hotBounds(newRun().id)).toBeUndefined()
  })

  test('takes less when lines have gone', async () => {
    await using store = await open()
    const run = await addRun(store)
    for (let pos = 0; pos < 200; pos++) {
      await store.log.append(appendTo(run, pos, lines('x'.repeat(10_000))))
    }
    const before = await store.log.hotBytes(run.id)
    expect(before).toBeGreaterThan(1_900_000)
    await store.log.trim(run.id, { before: 150, isArchived: true })
    expect(await store.log.hotBytes(run.id)).toBeLessThan(before / 2)
    expect(await store.log.hotBytes(newRun().id)).toBe(0)
  })
})

async function addThreeBatches(store: HotStore) {
  const run = await addRun(store)
  await store.log.append(appendTo(run, 0, lines('a', 'b')))
  await store.log.append(appendTo(run, 2, lines('c', 'd', 'e')))
  await store.log.append(appendTo(run, 5, lines('f')))
  return run
}

function openUnderNewPrefix(server: { readonly url: string } | undefined): Promise<HotStore> {
  if (server === undefined) throw new Error('Redis has not been started.')
  return openRedisStore({ url: server.url, prefix: `${randomUUID()}:` })
}
