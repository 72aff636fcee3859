/** Schedules and triggers as people and programs use them: over HTTP, on real runs. */
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { createMemoryNodes } from '../../src/core/nodes/memory-nodes.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { automationLimits } from '../../src/shared/automation-limits.ts'
import type { Schedule } from '../../src/shared/protocol/schedules.ts'
import type { Run } from '../../src/shared/run.ts'
import { startHttpServer, type TestServer } from '../support/http-server.ts'
import { setLimit } from '../support/set-limit.ts'
import { until } from '../support/until.ts'

async function ask(server: TestServer, method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.base}/api/v1${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  return { status: response.status, text, json: text === '' ? null : JSON.parse(text) }
}

async function put(server: TestServer, path: string, body: object) {
  const { status, json, text } = await ask(server, 'PUT', path, body)
  expect([status, text]).toEqual([200, text])
  return json
}

const command = (text: string) => ({ target: 'local', source: { kind: 'command', command: text } })

const history = (server: TestServer, isSo: (schedule: Schedule) => boolean) =>
  until('the schedule says so', async () => {
    const { json } = await ask(server, 'GET', '/schedules/often')
    return isSo(json) && (json as Schedule)
  })

test('two nodes start a run for each time once, and none while the one before goes on', async () => {
  using _look = { [Symbol.dispose]: setLimit('scheduleLookMs', 50) }
  const store = createMemoryStore()
  const nodes = createMemoryNodes()
  await using one = await startHttpServer({ store, nodes: nodes.join('one') })
  await using two = await startHttpServer({ store, nodes: nodes.join('two') })
  await put(one, '/schedules/often', { cron: '* * * * * *', start: command('echo tick') })
  const startsOf = (found: Schedule) => found.history.filter(({ result }) => result === 'started')
  const started = startsOf(await history(two, (found) => startsOf(found).length >= 2))
  expect(new Set(started.map(({ run }) => run)).size).toBe(started.length)
  const runs = await one.service.list({ limit: 100 })
  const { history: last } = (await ask(one, 'GET', '/schedules/often')).json
  const known = new Set(last.map(({ run }: { run: string | null }) => run))
  const startedBy = { kind: 'schedule', name: 'often' }
  expect(runs.map((run) => run.startedBy)).toEqual(runs.map(() => startedBy))
  // The newest may be on its way into the history.
  expect(runs.slice(1).every(({ id }) => known.has(id))).toBe(true)
  const slow = { cron: '* * * * * *', start: command('sleep 60') }
  await put(one, '/schedules/often', slow)
  const skipped = await history(one, ({ history: [newest] }) => newest?.result === 'skipped')
  expect(skipped.history[0]?.problem).toBe('The run before had not ended.')
  await put(one, '/schedules/often', { ...slow, overlap: 'queue' })
  const waiting = await history(two, (found) => found.waiting !== null)
  const running = (await one.service.list({ limit: 100, states: ['running'] }))[0]
  await one.service.stop(running?.id ?? '')
  await history(two, (found) =>
    found.history.some(({ due, result }) => due === waiting.waiting && result === 'started'),
  )
  expect((await ask(one, 'DELETE', '/schedules/often')).status).toBe(204)
})

test('a schedule is previewed, and refused with a sentence when it could not start anything', async () => {
  await using server = await startHttpServer()
  const preview = await ask(server, 'POST', '/schedules/nightly/preview', {
    cron: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    start: command('uptime'),
  })
  expect(preview.json.next).toHaveLength(5)
  const refusals: [object, string][] = [
    [{ cron: 'often', start: command('uptime') }, '"often" is no cron expression'],
    [
      { cron: '* * * * *', timeZone: 'Nowhere', start: command('uptime') },
      '"Nowhere" is no time zone',
    ],
    [{ cron: '* * * * *', start: { saved: { name: 'none' } } }, 'no saved command "none"'],
    [
      { cron: '* * * * *', start: { target: 'web/1', source: { kind: 'command', command: 'x' } } },
      'web/1',
    ],
    [{ cron: '* * * * *' }, '"start" is missing'],
  ]
  for (const [body, part] of refusals) {
    const { status, json } = await ask(server, 'PUT', '/schedules/nightly', body)
    expect([[400, 404].includes(status), json.error.message]).toEqual([
      true,
      expect.stringContaining(part),
    ])
  }
})

async function withTrigger(server: TestServer, more: object = {}) {
  await server.commands.put({
    name: 'deploy',
    source: { kind: 'command', command: 'echo "deploy $service $token"' },
    target: 'local',
    parameters: [
      { name: 'service', kind: 'text', pattern: '[a-z]+' },
      { name: 'token', kind: 'secret', required: false },
    ],
  })
  const mapping = { service: { path: 'repository.name' } }
  return put(server, '/triggers/deploy', { saved: 'deploy', mapping, ...more })
}

function signed(secret: string, body: string, seconds = Math.floor(Date.now() / 1000)) {
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return { 'x-farglass-timestamp': String(seconds), 'x-farglass-signature': `v1=${mac}` }
}

async function send(server: TestServer, name: string, body: string, headers: object) {
  const response = await fetch(`${server.base}/api/v1/triggers/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  return { status: response.status, json: await response.json() }
}

test('a signed request starts the saved command with values from its payload, once, without a login', async () => {
  await using server = await startHttpServer({ auth: 'none' })
  const { secret } = await withTrigger(server)
  expect(secret).toMatch(/^\S{32,}$/)
  expect((await ask(server, 'GET', '/triggers/deploy')).json.secret).toBeNull()
  expect(JSON.stringify(await server.store.records.list('trigger'))).not.toContain(secret)
  const body = JSON.stringify({ repository: { name: 'api' }, command: 'rm -rf /' })
  const headers = signed(secret, body)
  const first = await send(server, 'deploy', body, headers)
  expect(first.status).toBe(201)
  const run = await server.ended(first.json.run)
  expect(run.saved).toMatchObject({ name: 'deploy', parameters: { service: 'api' } })
  expect(run.startedBy).toEqual({ kind: 'trigger', name: 'deploy' })
  const { id: own } = await server.run('true')
  const again = await ask(server, 'POST', `/runs/${run.id}/rerun`, {})
  const listed = async (by: string) =>
    (await ask(server, 'GET', `/runs?startedBy=${by}`)).json.runs.map((one: Run) => one.id)
  // Who runs it again is a person.
  expect(await listed('person')).toEqual([again.json.id, own])
  for (const by of ['trigger', 'trigger:deploy']) expect(await listed(by)).toEqual([run.id])
  for (const by of ['trigger:other', 'schedule']) expect(await listed(by)).toEqual([])
  expect((await ask(server, 'GET', '/runs?startedBy=cron')).json.error.message).toContain(
    'is none of person, schedule, trigger',
  )
  // Sent again, it gives the same run.
  expect(await send(server, 'deploy', body, headers)).toEqual(first)
  const test = await ask(server, 'POST', '/triggers/deploy/test', { repository: { name: 'web' } })
  expect(test.json).toMatchObject({ target: 'local', parameters: { service: 'web' } })
  const bad = JSON.stringify({ repository: { name: '$(id)' } })
  expect((await send(server, 'deploy', bad, signed(secret, bad))).json.error.message).toContain(
    'service',
  )
  expect(await listed('trigger')).toHaveLength(1)
})

test('a request that is signed as GitHub does starts it', async () => {
  await using server = await startHttpServer({ auth: 'none' })
  await withTrigger(server, { signature: 'github', secret: 'key-of-the-repository' })
  const body = JSON.stringify({ repository: { name: 'api' } })
  const mac = createHmac('sha256', 'key-of-the-repository').update(body).digest('hex')
  const { status } = await send(server, 'deploy', body, { 'x-hub-signature-256': `sha256=${mac}` })
  expect(status).toBe(201)
})

test('a request that is not signed right starts nothing, and does not learn which triggers there are', async () => {
  await using server = await startHttpServer({ auth: 'none' })
  const { secret } = await withTrigger(server)
  const body = JSON.stringify({ repository: { name: 'api' } })
  const now = Math.floor(Date.now() / 1000)
  const old = now - automationLimits.triggerAgeMs / 1000 - 60
  const tries: [string, string, object][] = [
    ['deploy', body, {}],
    ['deploy', `${body} `, signed(secret, body)],
    ['deploy', body, signed('another-key-0123456789', body)],
    ['deploy', body, signed(secret, body, old)],
    ['deploy', body, { ...signed(secret, body, old), 'x-farglass-timestamp': String(now) }],
    ['deploy', body, { authorization: 'Bearer nothing' }],
    ['none', body, signed(secret, body)],
  ]
  const answers = []
  for (const [name, text, headers] of tries) answers.push(await send(server, name, text, headers))
  for (const answer of answers) expect(answer).toEqual(answers[0])
  expect(answers[0]).toMatchObject({ status: 401, json: { error: { code: 'bad-signature' } } })
  await put(server, '/triggers/deploy', { saved: 'deploy', enabled: false })
  expect(await send(server, 'deploy', body, signed(secret, body))).toEqual(answers[0])
  expect(await server.service.list({ limit: 10 })).toEqual([])
  using _few = { [Symbol.dispose]: setLimit('triggerTriesPerMinuteMax', 1) }
  expect((await send(server, 'deploy', body, {})).status).toBe(429)
})
