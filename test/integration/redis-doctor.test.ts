/** What `farglass doctor --redis` says of a Redis, and that it changes nothing there. */
import { expect, test } from 'vitest'
import { checkRedis } from '../../src/app/cli/doctor-redis.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'

test('a Redis as it should be is found in order, and nothing is left there', async () => {
  await using server = await startRedis()
  const found = await checkRedis({ url: server.url, ca: null })
  expect(found.map(([name, { ok }]) => [name, ok])).toEqual([
    ['redis', true],
    ['redis history', true],
    ['redis memory', true],
    ['redis records', true],
  ])
  expect(textsOf(found)).toMatch(
    /is version 7\.\S+, answers in \d+\.\d ms, and lets us do what we need/,
  )
  expect(textsOf(found)).toMatch(/append-only file, appendfsync everysec/)
  expect(await server.cli('KEYS', '*')).toBe('')
})

test('each setting that would lose lines is named, with what to change', async () => {
  await using server = await startRedis()
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['appendonly', 'no'], /without an append-only file.*"appendonly yes"/s],
    [['appendfsync', 'no'], /the system decides.*"appendfsync everysec"/s],
    [['maxmemory-policy', 'allkeys-lru'], /may throw lines away.*"maxmemory-policy noeviction"/s],
    [['maxmemory', await littleMore(server)], /nearly full.*Raise maxmemory/s],
  ]
  for (const [setting, said] of wrong) {
    const before = (await server.cli('CONFIG', 'GET', setting[0] ?? '')).split('\n')[1] ?? ''
    await server.cli('CONFIG', 'SET', ...setting)
    const found = await checkRedis({ url: server.url, ca: null })
    expect(found.filter(([, { ok }]) => !ok)).toHaveLength(1)
    expect(textsOf(found)).toMatch(said)
    await server.cli('CONFIG', 'SET', setting[0] ?? '', before)
  }
})

test('a replica, a right that is missing, and a Redis that is not there are named', async () => {
  await using server = await startRedis()
  await server.cli('ACL', 'SETUSER', 'few', 'on', 'nopass', '~*', '&*', '+@all', '-get')
  const url = `redis://few:x@127.0.0.1:${server.port}`
  const few = await checkRedis({ url, ca: null })
  expect(textsOf(few)).toMatch(/does not let this user do what Farglass needs \(get\)/)
  await server.cli('ACL', 'SETUSER', 'few', '+get', '-xadd')
  const fewer = await checkRedis({ url, ca: null })
  expect(textsOf(fewer)).toMatch(
    /does not let this user do what Farglass needs( \(xadd\))?\. Give it the rights/,
  )
  await server.cli('REPLICAOF', '127.0.0.1', '1')
  expect(textsOf(await checkRedis({ url: server.url, ca: null }))).toMatch(/is a replica/)
  await server.kill()
  const away = await checkRedis({ url: server.url, ca: null })
  expect(textsOf(away)).toMatch(/does not answer: .*ECONNREFUSED.*Start it/s)
})

/** So that a run can still be written, and not much more. */
async function littleMore(server: RedisServer): Promise<string> {
  // Among 20 MB, what a connection takes does not count.
  await server.cli('SETRANGE', 'large', '20000000', 'x')
  const used = /^used_memory:(\d+)/m.exec(await server.cli('INFO', 'memory'))?.[1]
  return String(Math.round(Number(used) * 1.08))
}

function textsOf(found: Awaited<ReturnType<typeof checkRedis>>): string {
  return found.map(([, { text, hint = '' }]) => `${text} ${hint}`).join('\n')
}
