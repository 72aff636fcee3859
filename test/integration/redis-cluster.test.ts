/** What befalls a cluster of Redis, and what becomes of a run that is being written to it. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { crc16, slotOfKey } from '../../src/adapters/redis/cluster-slots.ts'
import { openRedisStore } from '../../src/adapters/redis/redis-store.ts'
import { checkRedis } from '../../src/app/cli/doctor-redis.ts'
import { freePort } from '../support/free-port.ts'
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts'
import { startRedis } from '../support/redis-server.ts'
import { writeToRedis } from '../support/redis-writing.ts'
import { crashRun } from '../support/store-lines.ts'
import { until } from '../support/until.ts'

let cluster: RedisCluster
const runKey = `farglass:{${crashRun.id}}:run`
const slot = slotOfKey(runKey)

beforeAll(async () => {
  cluster = await startRedisCluster({ hasReplicas: true })
  const page = await readFile('docs/operate/redis.md', 'utf8')
  const [, ...user] = /^user farglass .*$/m.exec(page)?.[0].split(' ') ?? []
  for (const server of cluster.servers) await server.cli('ACL', 'SETUSER', ...user)
})

afterAll(async () => {
  await cluster[Symbol.asyncDispose]()
})

const asUser = (url: string) => url.replace('redis://', 'redis://farglass:CHANGE-ME@')

test('keys lie in the slots that Redis puts them in', async () => {
  expect(crc16(new TextEncoder().encode('123456789'))).toBe(0x31c3)
  const [server] = cluster.servers
  for (const key of ['', 'farglass:runs', runKey, 'a{}{b}', 'a{b}{c}', '{ä}', '}{x}', 'a{b']) {
    expect([key, slotOfKey(key)]).toEqual([
      key,
      Number(await server?.cli('CLUSTER', 'KEYSLOT', key)),
    ])
  }
})

test('any one of its servers leads the user of docs/operate/redis.md to all of them, and doctor to each', async () => {
  const [first] = cluster.servers
  const found = await checkRedis({ url: asUser(first?.url ?? ''), ca: null })
  expect(found.filter(([, { ok }]) => !ok)).toEqual([])
  const texts = found.map(([, { text }]) => text).join('\n')
  for (const { port } of cluster.servers.slice(0, 3))
    expect(texts).toContain(`:${port} is version 7`)
  await using store = await openRedisStore({ url: `${cluster.url},127.0.0.1:${await freePort()}` })
  expect(store.connection.servers).toHaveLength(3)
})

test('several addresses of servers that are no cluster are refused', async () => {
  await using one = await startRedis()
  await using other = await startRedis()
  const apart = openRedisStore({ url: `${one.url},127.0.0.1:${other.port}` })
  await expect(apart).rejects.toThrow(/is no cluster\./)
})

test('F54: a slot that is moved to and fro while its run is written takes every line along', async () => {
  await using writing = await writeToRedis({ url: asUser(cluster.url) })
  const masters = cluster.servers.slice(0, 3)
  for (let moves = 0; moves < 3; moves++) {
    await writing.more(1_000)
    const from = await cluster.ownerOf(runKey)
    const to = masters.find((master) => master !== from)
    if (to === undefined) throw new Error('There is no other master.')
    let moved = 0
    await cluster.move(slot, to, async () => {
      // With one of its two keys gone, nobody can write; the last one is asked for where it goes.
      if (moved !== 1) await writing.more(500)
      moved += 1
    })
    expect(await cluster.ownerOf(runKey)).toBe(to)
  }
  await writing.more(1_000)
  expect(writing.pauses).toEqual([])
  expect(await writing.finish()).toBeGreaterThanOrEqual(7_000)
  await cluster.cli(runKey, 'FLUSHALL')
})

test('F54: a replica that lacks what its killed master had confirmed is given it, and the run is exact', async () => {
  await using writing = await writeToRedis(cluster)
  await writing.more(2_000)
  const master = await cluster.ownerOf(runKey)
  const replica = await cluster.replicaOf(master)
  if (replica === undefined) throw new Error('It has no replica.')
  replica.pause()
  await writing.more(3_000)
  await master.kill()
  replica.resume()
  await until(
    'the replica is the master',
    async () => (await cluster.ownerOf(runKey).catch(() => undefined)) === replica,
  )
  await writing.more(2_000)
  await master.start()
  await writing.more(2_000)
  expect(await writing.finish()).toBeGreaterThanOrEqual(9_000)
})
