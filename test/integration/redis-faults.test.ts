/** What befalls a Redis, and what becomes of a run that is being written to it. */
import { mkdir, readdir, rm, rmdir, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { figureOf } from '../support/figures.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { type RedisWriting, writeToRedis } from '../support/redis-writing.ts'
import { crashRun } from '../support/store-lines.ts'
import { until } from '../support/until.ts'

test('F41: a Redis that is killed again and again keeps what it confirmed, and the run is exact', async () => {
  await using server = await startRedis()
  await using writing = await writeToRedis(server)
  for (let kills = 0; kills < 3; kills++) {
    await writing.more(2_000)
    await server.kill()
    await server.start()
  }
  await writing.more(2_000)
  expect(await writing.finish()).toBeGreaterThanOrEqual(8_000)
  expect(await figureOf(writing.metrics, 'farglass_redis_reconnects_total')).toBe(3)
})

test('F43: a Redis without memory makes the run wait, which says so, and goes on exactly', async () => {
  await using server = await startRedis()
  await using writing = await writeToRedis(server)
  await writing.more(2_000)
  await server.cli('CONFIG', 'SET', 'maxmemory', '1')
  await pausedFor(writing, /has no memory left \(maxmemory\)/)
  expect(await failures(writing, 'refused')).toBeGreaterThan(0)
  await server.cli('CONFIG', 'SET', 'maxmemory', '0')
  await writing.more(2_000)
  await writing.finish()
})

test('F43: a Redis that has become a replica makes the run wait, and goes on exactly', async () => {
  await using server = await startRedis()
  await using writing = await writeToRedis(server)
  await writing.more(2_000)
  // Of nobody: it keeps its data, and takes no writes.
  await server.cli('REPLICAOF', '127.0.0.1', '1')
  await pausedFor(writing, /is a replica, which takes no writes/)
  await server.cli('REPLICAOF', 'NO', 'ONE')
  await writing.more(2_000)
  await writing.finish()
})

test('F43: a Redis that cannot write to its disk makes the run wait, and goes on exactly', async () => {
  await using server = await startRedis()
  await using writing = await writeToRedis(server)
  await writing.more(2_000)
  // No file can take the place of a directory.
  const obstacle = join(server.directory, 'dump.rdb')
  await mkdir(obstacle)
  await server.cli('CONFIG', 'SET', 'save', '3600 1')
  await server.cli('BGSAVE')
  await pausedFor(writing, /cannot write to its disk/)
  await rmdir(obstacle)
  await server.cli('BGSAVE')
  await writing.more(2_000)
  await writing.finish()
})

test('F44: what Redis lost of its newest lines its owner gives it again, at the same positions', async () => {
  await using server = await startRedis()
  await using writing = await writeToRedis(server)
  for (const bytes of [5_000, 50_000]) {
    await writing.more(5_000)
    await server.kill()
    await cutTail(server, bytes)
    await server.start()
  }
  await writing.more(2_000)
  await writing.finish()
})

test('F44: a run that was flushed away is there again with the next line, with all its lines', async () => {
  await using server = await startRedis()
  await using writing = await writeToRedis(server)
  await writing.more(5_000)
  await server.cli('FLUSHALL')
  await writing.more(2_000)
  await writing.finish()
  const { catalog } = writing.store
  expect((await catalog.list({ limit: 9 })).map(({ next }) => next)).toEqual([writing.committed])
  expect((await catalog.unfinished()).map(({ owner, epoch }) => [owner, epoch])).toEqual([
    ['writer', 1],
  ])
  // The same request must not start its command a second time.
  const key = { key: 'writing', digest: 'writing' }
  const again = await catalog.create({ ...crashRun, id: `r${'d'.repeat(25)}` }, 'writer', key)
  expect(again).toMatchObject({ kind: 'existing', run: { id: crashRun.id } })
})

test('F44: an empty Redis in the place of the old one is given the run again, with all its lines', async () => {
  await using server = await startRedis()
  await using writing = await writeToRedis(server)
  await writing.more(5_000)
  await server.kill()
  await rm(join(server.directory, 'appendonlydir'), { recursive: true })
  await server.start()
  await writing.more(2_000)
  await writing.finish()
})

test('scripts that Redis was made to forget are given to it again, without a line lost or doubled', async () => {
  await using server = await startRedis()
  await using writing = await writeToRedis(server)
  for (let times = 0; times < 3; times++) {
    await writing.more(1_000)
    await server.cli('SCRIPT', 'FLUSH')
  }
  await writing.more(1_000)
  await writing.finish()
  expect(writing.pauses).toEqual([])
})

async function pausedFor(writing: RedisWriting, reason: RegExp): Promise<void> {
  const found = await until('the run waits', () => writing.pauses[0])
  expect(found).toMatchObject({ code: 'store-busy', message: expect.stringMatching(reason) })
}

/** Commands that were not carried out, for that reason. */
function failures({ metrics }: RedisWriting, reason: 'refused' | 'unanswered'): Promise<number> {
  return figureOf(metrics, 'farglass_redis_failures_total', { reason })
}

/** As after a loss of power: what was written last is not there. */
async function cutTail(server: RedisServer, bytes: number): Promise<void> {
  const directory = join(server.directory, 'appendonlydir')
  const names = (await readdir(directory)).filter((name) => name.endsWith('.incr.aof'))
  const file = join(directory, names.at(-1) ?? '')
  await truncate(file, (await stat(file)).size - bytes)
}
