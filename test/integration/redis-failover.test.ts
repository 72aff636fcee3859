/** A replica that takes the place of its primary, as a sentinel decides, under a run that is being written. */
import { expect, test } from 'vitest'
import { startRedisSentinel } from '../support/redis-sentinel.ts'
import { writeToRedis } from '../support/redis-writing.ts'
import { until } from '../support/until.ts'

test('F53: a replica that lacks what its killed primary had confirmed is given it, and the run is exact', async () => {
  await using redis = await startRedisSentinel()
  await using writing = await writeToRedis(redis)
  await writing.more(2_000)
  const [first, second] = [await redis.primary(), await redis.replica()]
  second.pause()
  await writing.more(5_000)
  await first.kill()
  second.resume()
  await until('the replica is the primary', async () => (await redis.primary()) === second)
  await writing.more(2_000)
  expect(await writing.finish()).toBeGreaterThanOrEqual(9_000)
})
