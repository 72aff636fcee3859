/** What Redis holds of a log when somebody else has laid hands on it, or when it has lost more than its owner keeps. */
import { expect, test } from 'vitest'
import { openRedisStore, type RedisStore } from '../../src/adapters/redis/redis-store.ts'
import { limits } from '../../src/shared/limits.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import { poll } from '../support/poll.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { crashRun, lineGroup } from '../support/store-lines.ts'
import { takeOver } from '../support/take-over.ts'

const log = `farglass:{${crashRun.id}}:log`
const run = `farglass:{${crashRun.id}}:run`
const lost = 'gap: the line that was here has been lost or damaged in Redis'

test('a damaged batch is rows that say so, one for each line, and the others are as they were', async () => {
  await using server = await startRedis()
  await using store = await openWithLines(server, 3)
  const [entry = ''] = (await server.cli('XRANGE', log, '4-0', '4-0')).split('\n')
  expect(entry).toBe('4-0')
  await replaceEntry(server, ['p', '2', 'b', '14', 'c', '123', 'd', 'nonsense'])
  expect(await textsIn(store)).toEqual(['line 0', 'line 1', lost, lost, 'line 4', 'line 5'])
  expect(
    (await store.log.read(crashRun.id, 3, 1)).map(({ damaged, pos }) => [damaged, pos]),
  ).toEqual([[true, 3]])
})

test('an entry that somebody has removed is rows that say so', async () => {
  await using server = await startRedis()
  await using store = await openWithLines(server, 3)
  await server.cli('XDEL', log, '4-0')
  expect(await textsIn(store)).toEqual(['line 0', 'line 1', lost, lost, 'line 4', 'line 5'])
  await server.cli('XDEL', log, '6-0')
  expect(await textsIn(store)).toEqual(['line 0', 'line 1', lost, lost, lost, lost])
})

test('an entry that was cut off and comes back beside the one in its place is not shown', async () => {
  await using server = await startRedis()
  await using store = await openWithLines(server, 3)
  const script = `
    local last = redis.call('XRANGE', KEYS[1], '6-0', '6-0')[1][2]
    redis.call('XDEL', KEYS[1], '6-0')
    redis.call('XSETID', KEYS[1], '4-0')
    redis.call('XADD', KEYS[1], '5-0', unpack(last))
    redis.call('XADD', KEYS[1], '6-0', unpack(last))`
  await server.cli('EVAL', script, '1', log)
  expect(await textsIn(store)).toEqual([0, 1, 2, 3, 4, 5].map((pos) => `line ${pos}`))
})

test('what was cut off and comes back behind the end of a run is gone when somebody takes it over', async () => {
  await using server = await startRedis()
  await using store = await openWithLines(server, 3)
  await server.cli('XADD', log, '9-0', 'p', '6', 'b', '1', 'c', '1', 'd', 'x')
  const { epoch } = (await takeOver(store.catalog, crashRun.id, 'second')).run
  expect(await append(store, 6, epoch)).toEqual({ kind: 'stored', next: 8 })
  expect(await textsIn(store)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((pos) => `line ${pos}`))
})

test('an entry without its fields is rows that say so; fields of a newer version are left alone', async () => {
  await using server = await startRedis()
  await using store = await openWithLines(server, 3)
  await replaceEntry(server, ['z', 'of a newer version'])
  expect(await textsIn(store)).toEqual(['line 0', 'line 1', lost, lost, 'line 4', 'line 5'])
  await server.cli('HSET', run, 'newer', 'value')
  expect(await store.catalog.get(crashRun.id)).toMatchObject({ next: 6, lines: 6 })
})

test('a run of which Redis has lost more than is kept begins with a row that says so', async () => {
  await using server = await startRedis()
  const changeable: Record<string, number> = limits
  const real = limits.redisKeptBytesMax
  try {
    // Of each run no more than a few batches.
    changeable['redisKeptBytesMax'] = 4_000
    await using store = await openWithLines(server, 40)
    await server.cli('FLUSHALL')
    await append(store, 80)
    const { first, next } = await store.log.bounds(crashRun.id)
    expect(next).toBe(82)
    expect(first).toBeGreaterThan(60)
    const texts = await textsIn(store)
    expect(texts).toEqual([
      lost,
      ...Array.from({ length: 81 - first }, (_, at) => `line ${first + 1 + at}`),
    ])
    expect(await store.catalog.get(crashRun.id)).toMatchObject({ lines: 82, next: 82 })
  } finally {
    changeable['redisKeptBytesMax'] = real
  }
})

test('a run without new lines is given to an empty Redis as well, when it comes back', async () => {
  await using server = await startRedis()
  await using store = await openWithLines(server, 3)
  await server.cli('FLUSHALL')
  await server.cli('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await poll(() => textsIn(store)).toHaveLength(6)
})

test('an owner that Redis no longer knows is put in its right again; one that was replaced is not', async () => {
  await using server = await startRedis()
  await using store = await openWithLines(server, 3)
  const { epoch } = (await takeOver(store.catalog, crashRun.id, 'second')).run
  // As when the end of its file was cut off just before that.
  await server.cli('HSET', run, 'epoch', '1', 'owner', 'writer')
  expect((await append(store, 6, epoch)).kind).toBe('stored')
  expect(await store.catalog.unfinished()).toEqual([{ id: crashRun.id, epoch, owner: 'second' }])
  expect((await append(store, 8, 1)).kind).toBe('fenced')
})

test('a run that was removed does not come back', async () => {
  await using server = await startRedis()
  await using store = await openWithLines(server, 3)
  await using other = await openRedisStore({ url: server.url })
  const state = { state: 'ended', outcome: 'lost', endedAt: '2026-01-01T00:00:00Z' } as const
  await store.catalog.save({ run: crashRun.id, epoch: 1, tasks: [], state })
  await other.catalog.remove(crashRun.id)
  await store.catalog.save({ run: crashRun.id, epoch: 1, tasks: [], state })
  expect(await other.catalog.get(crashRun.id)).toBeUndefined()
  expect(await server.cli('KEYS', '*')).toBe('')
})

/** Batches of two lines. */
async function openWithLines(server: RedisServer, batches: number): Promise<RedisStore> {
  const store = await openRedisStore({ url: server.url })
  await store.catalog.create(crashRun, 'writer')
  for (let batch = 0; batch < batches; batch++) await append(store, batch * 2)
  return store
}

function append(store: RedisStore, pos: number, epoch = 1) {
  return store.log.append({ run: crashRun.id, epoch, pos, groups: [lineGroup(pos, 2)], tasks: [] })
}

/** The second of three, by one of other fields under the same name. */
async function replaceEntry(server: RedisServer, fields: readonly string[]): Promise<void> {
  const script = `
    local entries = redis.call('XRANGE', KEYS[1], '-', '+')
    redis.call('DEL', KEYS[1])
    for _, entry in ipairs(entries) do
      redis.call('XADD', KEYS[1], entry[1], unpack(entry[1] == '4-0' and ARGV or entry[2]))
    end`
  await server.cli('EVAL', script, '1', log, ...fields)
}

async function textsIn(store: RedisStore): Promise<string[]> {
  return (await store.log.read(crashRun.id, 0, 1_000_000)).flatMap((group) => textsOf(group))
}
