/** A Redis that stands still for longer than anybody waits for it (F42, F53), and one that is killed at random (F41). */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { RedisSubscriber } from '../../src/adapters/redis/redis-subscriber.ts'
import { startRedisSentinel } from '../support/redis-sentinel.ts'
import { startRedis } from '../support/redis-server.ts'
import { writeToRedis } from '../support/redis-writing.ts'
import { seededRandom, seedOfProcess } from '../support/seeded-random.ts'
import { crashRun } from '../support/store-lines.ts'
import { until } from '../support/until.ts'

const seed = seedOfProcess()
const killsMax = Number(process.env['FARGLASS_KILLS'] ?? 20)

test('F42: a Redis that stands still for 10 s makes the run wait, and no line is there twice', async () => {
  await using server = await startRedis()
  await using writing = await writeToRedis(server)
  await writing.more(2_000)
  server.pause()
  await sleep(10_000)
  server.resume()
  await writing.more(2_000)
  await writing.finish()
  expect(writing.pauses.map(({ code }) => code)).toContain('store-busy')
}, 120_000)

test('F53: a primary that stands still is left for its replica, also by who only listens', async () => {
  await using redis = await startRedisSentinel()
  await using writing = await writeToRedis(redis)
  const { connection, keys } = writing.store
  await using subscriber = new RedisSubscriber(connection.newClient())
  const heard: string[] = []
  const onText = (text: string) => void heard.push(text)
  subscriber.listen(keys.bell(crashRun.id), { onText, onMissed: () => {} })
  await writing.more(2_000)
  const [first, second] = [await redis.primary(), await redis.replica()]
  first.pause()
  await until('the replica is the primary', async () => (await redis.primary()) === second, 20_000)
  await writing.more(2_000)
  const before = heard.length
  await until('new lines are heard of', () => heard.length > before, 20_000)
  first.resume()
  await until(
    'the one before is a replica',
    async () => (await first.cli('INFO', 'replication').catch(() => '')).includes('link_status:up'),
    30_000,
  )
  await writing.more(2_000)
  await writing.finish()
}, 120_000)

test(`F41: a Redis killed ${killsMax} times at random moments keeps what it confirmed (seed ${seed})`, async () => {
  const random = seededRandom(seed)
  await using server = await startRedis()
  await using writing = await writeToRedis(server)
  for (let kills = 0; kills < killsMax; kills++) {
    await sleep(random.between(0, 500))
    await server.kill()
    await sleep(random.between(0, 200))
    await server.start()
    await writing.more(500)
  }
  await writing.finish()
}, 300_000)
