/** The key of stored secrets is put in the place of another, while servers are killed and others run on. */
import { createHmac } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { alertRequestSchema } from '../../src/shared/protocol/alerts.ts'
import type { SecretKeysReport } from '../../src/shared/protocol/secret-keys.ts'
import { triggerRequestSchema } from '../../src/shared/protocol/triggers.ts'
import { type Farglass, runCli, startFarglass } from '../support/farglass.ts'
import { startHttpServer } from '../support/http-server.ts'
import { startRedis } from '../support/redis-server.ts'
import { seededRandom, seedOfProcess } from '../support/seeded-random.ts'
import { startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'
import { startWebhookReceiver } from '../support/webhook-receiver.ts'

const seed = seedOfProcess()
const directory = mkdtempSync(join(tmpdir(), 'fg-rotation-'))
afterAll(() => rmSync(directory, { recursive: true }))

const triggers = 40
const secret = 'correct-horse-battery'
const triggerKey = 'key-of-the-trigger-by-which-it-is-signed'

async function put(server: Farglass, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'PUT', headers, body: JSON.stringify(body) }
  await (await server.api.request(`/api/v1/${path}`, init)).json()
}

async function report(server: Farglass): Promise<SecretKeysReport> {
  return (await server.api.request('/api/v1/secrets')).json()
}

function secretsOf({ keys }: SecretKeysReport, role: string): number {
  return keys.find((key) => key.role === role)?.secrets ?? 0
}

/** Its answer is not waited for: it may be killed before. */
function rotate(server: Farglass): void {
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: '{}' }
  server.api.request('/api/v1/secrets/rotate', init).catch(() => undefined)
}

async function fire(server: Farglass, name: string): Promise<number> {
  const body = '{}'
  const seconds = String(Math.floor(Date.now() / 1_000))
  const mac = createHmac('sha256', triggerKey).update(`${seconds}.${body}`).digest('hex')
  const headers = { 'x-farglass-timestamp': seconds, 'x-farglass-signature': `v1=${mac}` }
  const response = await fetch(`${server.url}/api/v1/triggers/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  return response.status
}

test.each(['its data directory', 'Redis'])(
  'a server that is killed again and again while its key rotates loses no secret in %s, and ends with the new key alone',
  async (where) => {
    const random = seededRandom(seed)
    const repeat = `FARGLASS_SEED=${seed} repeats this`
    const config = join(directory, where === 'Redis' ? 'one' : 'two')
    const keyFile = join(config, 'farglass', 'secret.key')
    const go = join(directory, `go-${where.length}`)
    await using sshd = await startSshd({ aliases: ['web-1'] })
    await using receiver = await startWebhookReceiver()
    await using redis = where === 'Redis' ? await startRedis() : undefined
    const shared = redis === undefined ? [] : ['--redis', redis.url]
    await using server = await startFarglass({
      sshConfigFile: sshd.sshConfigFile,
      args: ['--webhook-allow', '127.0.0.0/8', ...shared],
      env: { XDG_CONFIG_HOME: config },
    })
    const source = { kind: 'command', command: 'true' }
    await put(server, 'commands/job', { command: { name: 'job', target: 'web-1', source } })
    for (let at = 0; at < triggers; at++) {
      await put(server, `triggers/t${at}`, { saved: 'job', secret: triggerKey })
    }
    await put(server, 'alerts/told', {
      when: { kind: 'lines', filter: { texts: [{ text: 'again' }] } },
      webhooks: [{ kind: 'json', url: receiver.url, secret: 'key-of-the-webhook' }],
    })
    const command = `until [ -e ${go} ]; do sleep 0.1; done; echo "again $T"`
    const { id } = await server.api.start({
      target: 'web-1',
      source: { kind: 'command', command },
      secrets: { T: secret },
    })
    await until('it runs', async () => (await server.api.get(id)).tasks[0]?.state === 'running')
    const first = readFileSync(keyFile, 'utf8')
    const all = triggers + 3
    expect(secretsOf(await report(server), 'current')).toBe(all)

    for (let kills = 0; kills < 3; kills++) {
      const enough = random.between(kills * 12, kills * 12 + 10)
      rotate(server)
      await until('the keys have turned, and some secrets are sealed anew', async () => {
        if (readFileSync(keyFile, 'utf8') === first) return false
        return secretsOf(await report(server), 'current') >= enough
      })
      await server.kill('SIGKILL')
      await server.restart()
      const { keys, unreadable } = await report(server)
      const sum = keys.reduce((count, key) => count + key.secrets, 0)
      expect({ repeat, sum, unreadable }).toEqual({ repeat, sum: all, unreadable: [] })
    }
    const cli = await runCli(['secrets', 'rotate', '--forget-old', '--data', server.dataDirectory])
    expect([cli.status, cli.stderr]).toEqual([0, expect.stringContaining('sealed anew.')])
    expect(cli.stdout.toString()).toMatch(/^\S+secret\.key\n[0-9a-f]{16} {2}seals {7}43 secrets\n$/)
    const last = readFileSync(keyFile, 'utf8')
    expect(last).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)
    expect(last).not.toBe(first)
    await server.kill('SIGKILL')
    await server.restart()
    expect(await fire(server, `t${random.between(0, triggers - 1)}`)).toBe(201)
    writeFileSync(go, '')
    const run = await until('the run ends', async () => {
      const found = await server.api.get(id)
      return found.state === 'ended' && found
    })
    expect(run.outcome).toBe('succeeded')
    const { lines } = await server.api.lines(id, 0, 100)
    expect(lines.filter(({ channel }) => channel === 'out').map(({ text }) => text)).toEqual([
      'again [secret]',
    ])
    expect((await receiver.messages(1))[0]?.headers['x-farglass-signature']).toBeTruthy()
  },
)

test('nodes with key files of their own open everything at each step of a rotation', async () => {
  await using redis = await startRedis()
  const fileOf = (node: string) => join(directory, node, 'secret.key')
  const start = (node: string) =>
    startFarglass({ args: ['--redis', redis.url, '--secret-key-file', fileOf(node)] })
  const copy = () => copyFileSync(fileOf('a'), fileOf('b'))
  for (const node of ['a', 'b']) mkdirSync(dirname(fileOf(node)))
  writeFileSync(fileOf('a'), `${Buffer.alloc(32, 7).toString('base64')}\n`, { mode: 0o600 })
  copy()
  await using a = await start('a')
  await using b = await start('b')
  const secrets = (...words: string[]) =>
    runCli(['secrets', ...words, '--json', '--data', a.dataDirectory])
  const bothRead = async () => {
    expect([await fire(a, 'deploy'), await fire(b, 'deploy')]).toEqual([201, 201])
    const reports = await Promise.all([report(a), report(b)])
    expect(reports.map(({ unreadable }) => unreadable)).toEqual([[], []])
  }
  const source = { kind: 'command', command: 'true' }
  // Nobody listens there: that a run begins is enough.
  const target = '127.0.0.1:1'
  await put(a, 'commands/job', { command: { name: 'job', target, source } })
  await put(b, 'triggers/deploy', { saved: 'job', secret: triggerKey })
  await secrets('prepare')
  await bothRead()
  copy()
  await secrets('rotate')
  await bothRead()
  copy()
  await put(b, 'triggers/other', { saved: 'job', secret: triggerKey })
  const { stdout } = await secrets('rotate', '--forget-old')
  const { keys, unreadable } = JSON.parse(stdout.toString())
  expect([keys, unreadable]).toEqual([
    [expect.objectContaining({ role: 'current', secrets: 2 })],
    [],
  ])
  copy()
  await bothRead()
})

test('another data directory that shares the key file loses no secret when one of them rotates', async () => {
  const env = { XDG_CONFIG_HOME: join(directory, 'shared') }
  await using one = await startFarglass({ env })
  await using other = await startFarglass({ env })
  const source = { kind: 'command', command: 'true' }
  for (const server of [one, other]) {
    await put(server, 'commands/job', { command: { name: 'job', target: '127.0.0.1:1', source } })
    await put(server, 'triggers/deploy', { saved: 'job', secret: triggerKey })
  }
  const rotate = (server: Farglass, ...flags: string[]) =>
    runCli(['secrets', 'rotate', ...flags, '--data', server.dataDirectory])
  const { stderr } = await rotate(one)
  expect(stderr).toContain('The old key still opens.')
  expect(await fire(other, 'deploy')).toBe(201)
  await rotate(other)
  expect((await rotate(other, '--forget-old')).stderr).not.toContain('The old key')
  expect([await fire(one, 'deploy'), await fire(other, 'deploy')]).toEqual([201, 201])
})

test('who changes a document meanwhile goes first, and the old key stays while one cannot be read', async () => {
  await using server = await startHttpServer()
  const { records } = server.store
  const { signal } = new AbortController()
  await server.commands.put({ name: 'job', source: { kind: 'command', command: 'true' } })
  const { triggers } = server.automation
  const request = triggerRequestSchema.parse({ saved: 'job', secret: triggerKey })
  await triggers.put('deploy', request)
  await records.put({ kind: 'trigger', name: 'newer', body: '{"sealed": "by somebody else"}' })
  const list = records.list.bind(records)
  records.list = async (kind) => {
    const found = await list(kind)
    records.list = list
    // Just after it was read.
    await triggers.put('deploy', { ...request, signature: 'github' })
    return found
  }
  const { keys, unreadable } = await server.keyRotation.rotate(true, signal)
  expect(unreadable).toEqual(['trigger newer'])
  expect(keys.map(({ role, secrets }) => [role, secrets])).toEqual([
    ['current', 1],
    ['old', 0],
  ])
  expect(await triggers.get('deploy')).toMatchObject({ signature: 'github' })
  await records.remove('trigger', 'newer')
  expect((await server.keyRotation.rotate(true, signal)).keys).toHaveLength(1)
  expect((await triggers.lock('deploy'))?.secret.reveal()).toBe(triggerKey)
})

test('a message that its receiver has not taken yet is sent again after the key has rotated', async () => {
  await using receiver = await startWebhookReceiver()
  await using server = await startHttpServer()
  receiver.answers.push({ status: 503, headers: { 'retry-after': '3' } })
  const { alerts } = server.automation
  const request = alertRequestSchema.parse({
    when: { kind: 'end', outcomes: ['succeeded'] },
    webhooks: [{ kind: 'json', url: receiver.url }],
  })
  await alerts.put('told', request)
  await server.run('true')
  await until('it is tried again', async () => {
    const [delivery] = (await alerts.get('told')).deliveries
    return delivery?.state === 'waiting'
  })
  await server.keyRotation.rotate(true, new AbortController().signal)
  expect(await receiver.messages(2)).toHaveLength(2)
})
