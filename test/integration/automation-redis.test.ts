/** Schedules and alerts of two real servers on one real Redis, one of which is killed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAutomationApi } from '../../src/client/automation-api.ts'
import type { Schedule } from '../../src/shared/protocol/schedules.ts'
import { type Farglass, startCli, startFarglass } from '../support/farglass.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'
import { startWebhookReceiver } from '../support/webhook-receiver.ts'

const directory = mkdtempSync(join(tmpdir(), 'fg-automation-'))
let redis: RedisServer
let sshd: Sshd
let one: Farglass
let two: Farglass

beforeAll(async () => {
  sshd = await startSshd({ aliases: ['web-1'] })
})
beforeEach(async () => {
  redis = await startRedis()
  const start = () =>
    startFarglass({
      sshConfigFile: sshd.sshConfigFile,
      args: ['--redis', redis.url, '--webhook-allow', '127.0.0.0/8'],
      // Nodes of one Redis need the same key.
      env: { XDG_CONFIG_HOME: directory },
    })
  ;[one, two] = await Promise.all([start(), start()])
})
afterEach(async () => {
  await one?.[Symbol.asyncDispose]()
  await two?.[Symbol.asyncDispose]()
  await redis?.[Symbol.asyncDispose]()
})
afterAll(async () => {
  await sshd?.[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true })
})

async function put(server: Farglass, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'PUT', headers, body: JSON.stringify(body) }
  await (await server.api.request(`/api/v1/${path}`, init)).json()
}

async function startsAt(server: Farglass): Promise<Schedule['history']> {
  const schedule: Schedule = await (await server.api.request('/api/v1/schedules/often')).json()
  return schedule.history.filter(({ result }) => result === 'started')
}

test('a schedule starts one run for each of its times, not one for each server, also when one is killed', async () => {
  const schedule = {
    cron: '* * * * * *',
    overlap: 'allow',
    start: { target: 'web-1', source: { kind: 'command', command: 'echo tick' } },
  }
  await put(one, 'schedules/often', schedule)
  await until('both serve it', async () => (await startsAt(two)).length >= 4)
  await one.kill('SIGKILL')
  const before = (await startsAt(two)).length
  await until('it goes on', async () => (await startsAt(two)).length >= before + 3)
  await put(two, 'schedules/often', { ...schedule, enabled: false })
  const runs = await until('every start is told', async () => {
    const [all, told] = [await two.api.list({ limit: 200 }), await startsAt(two)]
    return all.length === told.length && all
  })
  const told = await startsAt(two)
  expect(new Set(told.map(({ due }) => due)).size).toBe(told.length)
  expect(new Set(told.map(({ run }) => run))).toEqual(new Set(runs.map(({ id }) => id)))
})

test('an alert is told once for each firing, also when the server that carries the run is killed', async () => {
  await using receiver = await startWebhookReceiver()
  await put(two, 'alerts/boom', {
    when: { kind: 'lines', filter: { texts: [{ text: 'boom' }] } },
    cooldownSeconds: 1,
    webhooks: [{ kind: 'json', url: receiver.url }],
  })
  const go = join(directory, 'go')
  const command = `echo boom 1; until [ -e ${go} ]; do sleep 0.1; done; sleep 1.1; echo boom 2`
  const source = { kind: 'command', command } as const
  const { id } = await one.api.start({ target: 'web-1', source })
  await receiver.messages(1)
  await until('the message is noted', async () => {
    const alert = await (await two.api.request('/api/v1/alerts/boom')).json()
    return alert.deliveries[0]?.state === 'delivered'
  })
  await one.kill('SIGKILL')
  writeFileSync(go, '')
  const ended = await until('the other one has read it to its end', async () => {
    const run = await two.api.get(id)
    return run.state === 'ended' && run
  })
  expect(ended.outcome).toBe('succeeded')
  const messages = await receiver.messages(2)
  expect(messages.map(({ body }) => JSON.parse(body).lines[0].text)).toEqual(['boom 1', 'boom 2'])
  // Who comes back finds nothing that is still to be told.
  await one.restart()
  const listed = await (await one.api.request('/api/v1/alerts/boom')).json()
  expect([listed.fired, receiver.received.length]).toEqual([2, 2])
})

test('what fires at one server is read at the other, once, also what fires while the reader has no server', async () => {
  await put(one, 'alerts/failed', {
    when: { kind: 'end', outcomes: ['failed'] },
    cooldownSeconds: 1,
    desktop: true,
  })
  const alerts = createAutomationApi((path, init) => two.api.request(path, init)).alerts
  const told: string[] = []
  let connections = 0
  const leave = new AbortController()
  const reading = (async () => {
    for await (const news of alerts.watch(null, leave.signal)) {
      if (news.kind === 'lost') continue
      connections += news.firings.length === 0 ? 1 : 0
      expect(news.missed).toBe(0)
      told.push(...news.firings.map(({ path }) => path))
    }
  })()
  await until('it reads', () => connections === 1)
  const printed = startCli(['alerts', 'watch', 'failed', '--json', '--data', two.dataDirectory])
  await until('the command reads too', () => printed.stderr().includes('watching'))
  const fail = async () => {
    // Longer than the alert is silent.
    const source = { kind: 'command', command: 'sleep 1.1; exit 3' } as const
    const { id } = await one.api.start({ target: 'web-1', source })
    const fired = async () => (await (await one.api.request('/api/v1/alerts/failed')).json()).fired
    const before = await fired()
    await until('it fires', async () => (await fired()) > before)
    return `/runs/${id}`
  }
  const first = await fail()
  await until('the other is told', () => told.length === 1)
  await until('the command too', () => printed.stdout().includes(first))
  await two.kill('SIGKILL')
  const second = await fail()
  await two.restart()
  await until('what was not told is told then', () => told.length === 2)
  await until('by the command too', () => printed.stdout().includes(second))
  leave.abort()
  await reading
  expect(told).toEqual([first, second])
  const lines = printed.stdout().trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).path)).toEqual([first, second])
  expect(printed.stderr()).toContain('the server is away')
  printed.kill('SIGINT')
  expect((await printed.done).status).toBe(0)
})
