/** How a store in Redis is opened: who lets us not in, what is too little, and what nobody may read. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { NodeRoster } from '../../src/adapters/redis/node-roster.ts'
import { joinRedisNodes } from '../../src/adapters/redis/redis-nodes.ts'
import { openRedisStore } from '../../src/adapters/redis/redis-store.ts'
import { RedisSubscriber } from '../../src/adapters/redis/redis-subscriber.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomName } from '../../src/adapters/system/ids.ts'
import { readConfig } from '../../src/app/config.ts'
import { createMetrics } from '../../src/core/metrics/metrics.ts'
import { makeSignedCertificate } from '../support/certificate.ts'
import { figureOf } from '../support/figures.ts'
import { freePort } from '../support/free-port.ts'
import { startRedis } from '../support/redis-server.ts'
import { checkLines, crashRun, lineGroup } from '../support/store-lines.ts'
import { takeOver } from '../support/take-over.ts'
import { until } from '../support/until.ts'

test('a wrong password is refused with a sentence that does not hold it', async () => {
  await using server = await startRedis()
  await server.cli('CONFIG', 'SET', 'requirepass', 'right')
  const url = `redis://:s3cret%21@127.0.0.1:${server.port}`
  const failure = await openRedisStore({ url }).catch((thrown: unknown) => thrown)
  expect(failure).toMatchObject({
    code: 'store-failed',
    message: expect.stringMatching(/no such user with this password/),
  })
  expect(inspectDeep(failure)).not.toMatch(/s3cret/)
  const missing = openRedisStore({ url: server.url })
  await expect(missing).rejects.toMatchObject({
    message: expect.stringMatching(/asks for a password/),
  })
  await using store = await openRedisStore({ url: `redis://:right@127.0.0.1:${server.port}` })
  expect(await store.catalog.list({ limit: 1 })).toEqual([])
})

test('a Redis that is not there is named, within seconds and without its password', async () => {
  const url = `redis://me:s3cret@127.0.0.1:${await freePort()}`
  const metrics = createMetrics()
  const failure = await openRedisStore({ url, metrics }).catch((thrown: unknown) => thrown)
  expect(failure).toMatchObject({
    code: 'store-failed',
    message: expect.stringMatching(/127\.0\.0\.1:\d+ does not answer: .*ECONNREFUSED/),
  })
  const unanswered = { reason: 'unanswered' }
  expect(await figureOf(metrics, 'farglass_redis_failures_total', unanswered)).toBe(1)
  expect(inspectDeep(failure)).not.toMatch(/s3cret/)
})

test('what is no address of a Redis is refused without showing it', async () => {
  for (const url of ['http://me:s3cret@host', 'redis://', 's3cret', 'redis://host/s3cret']) {
    const failure = await openRedisStore({ url }).catch((thrown: unknown) => thrown)
    expect(failure).toMatchObject({ code: 'store-failed' })
    expect(inspectDeep(failure)).not.toMatch(/s3cret/)
  }
})

test('a Redis with TLS is spoken to when its certificate is signed by the given authority, and only then', async () => {
  await using certificate = await makeSignedCertificate()
  const port = await freePort()
  const tls = ['--tls-port', String(port), '--tls-cert-file', certificate.certFile]
  const keys = ['--tls-key-file', certificate.keyFile, '--tls-auth-clients', 'no']
  await using _server = await startRedis({ args: [...tls, ...keys] })
  const url = `rediss://localhost:${port}`
  const untrusted = openRedisStore({ url })
  await expect(untrusted).rejects.toMatchObject({
    message: expect.stringMatching(/unable to verify the first certificate/),
  })
  const { caFile } = certificate
  const config = readConfig({ flags: { redis: url, 'redis-ca': caFile }, env: {} })
  await using store = await openRedisStore({ url, ca: config.redis?.ca ?? undefined })
  await store.catalog.create(crashRun, 'me')
  expect(await store.catalog.get(crashRun.id)).toMatchObject({ id: crashRun.id })
})

test('the user of docs/operate/redis.md may do all that a store does, and nothing else', async () => {
  const page = await readFile('docs/operate/redis.md', 'utf8')
  const line = /^user farglass .*$/m.exec(page)?.[0] ?? ''
  await using server = await startRedis()
  await server.cli(...aclCommand(line))
  await using store = await openRedisStore({
    url: `redis://farglass:CHANGE-ME@127.0.0.1:${server.port}`,
  })
  await store.catalog.create(crashRun, 'me', { key: 'k', digest: 'd' })
  await store.log.append({
    run: crashRun.id,
    epoch: 1,
    pos: 0,
    groups: [lineGroup(0, 3)],
    tasks: crashRun.tasks,
  })
  expect(await checkLines(store.log)).toMatchObject({ next: 3 })
  const { epoch } = (await takeOver(store.catalog, crashRun.id, 'other')).run
  expect(await store.catalog.unfinished()).toHaveLength(1)
  expect(await store.catalog.list({ limit: 3 })).toHaveLength(1)
  expect(await store.catalog.list({ limit: 3, states: ['queued'], before: crashRun.id })).toEqual(
    [],
  )
  expect(await store.log.bounds(crashRun.id)).toMatchObject({ first: 0, next: 3 })
  const state = { state: 'ended', outcome: 'lost', endedAt: '2026-01-01T00:00:00Z' } as const
  await store.catalog.save({ run: crashRun.id, epoch, tasks: [], state })
  expect(await store.log.hotBytes(crashRun.id)).toBeGreaterThan(0)
  await store.log.trim(crashRun.id, { before: 1, isArchived: false })
  await store.log.drop(crashRun.id)
  await store.catalog.remove(crashRun.id)
  await store.sessions.put({ digest: 'd', createdAt: 1, expiresAt: 2, idleUntil: 3 })
  expect(await store.sessions.get('d')).toBeDefined()
  await store.sessions.prune(9)
  await using subscriber = new RedisSubscriber(store.connection.newClient())
  const heard = new Promise<string>((onText) => {
    subscriber.listen(store.keys.bell('r1'), { onText, onMissed: () => {} })
  })
  const metrics = createMetrics()
  await using nodes = await joinRedisNodes({
    ...store,
    subscriber,
    clock: systemClock,
    metrics,
    randomName,
  })
  expect(await nodes.isAlive(nodes.own)).toBe(true)
  await until('it is counted', async () => {
    return (await figureOf(metrics, 'farglass_nodes').catch(() => 0)) === 1
  })
  await until('the subscriber hears', async () => {
    return Number(await store.connection.send(['PUBLISH', store.keys.bell('r1'), 'state'])) > 0
  })
  expect(await heard).toBe('state')
  await expect(store.connection.send(['FLUSHALL'])).rejects.toThrow(/does not let this user do/)
  await expect(store.connection.send(['GET', 'other'])).rejects.toThrow(/does not let this user do/)
})

test('the living nodes are counted, also by a Redis that has lost their names, and dead ones leave the set', async () => {
  await using server = await startRedis()
  await using store = await openRedisStore({ url: server.url })
  const living = new Set(['one', 'two'])
  const isLiving = async (name: string) => living.has(name)
  const roster = new NodeRoster({ ...store, isLiving })
  expect([await roster.count('one'), await roster.count('two')]).toEqual([1, 2])
  await server.cli('FLUSHALL')
  expect([await roster.count('two'), await roster.count('one')]).toEqual([1, 2])
  living.delete('two')
  expect(await roster.count('one')).toBe(1)
  expect(await server.cli('SMEMBERS', store.keys.nodes)).toBe('one')
})

/** `user NAME RULES…` of an access list as the command that sets it. */
function aclCommand(line: string): string[] {
  return ['ACL', 'SETUSER', ...line.split(' ').slice(1)]
}

/** All that a log could show of it, causes too. */
function inspectDeep(failure: unknown): string {
  const parts: string[] = []
  for (let at = failure; at instanceof Error; at = at.cause) {
    parts.push(String(at.stack), JSON.stringify(at))
  }
  return parts.join('\n')
}
