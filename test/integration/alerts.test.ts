/** Alerts as people use them: over HTTP, on real runs, with a real receiver of webhooks. */
import { createHmac } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createMemoryNodes } from '../../src/core/nodes/memory-nodes.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { automationLimits } from '../../src/shared/automation-limits.ts'
import type { Alert, AlertRequest, Delivery } from '../../src/shared/protocol/alerts.ts'
import { startHttpServer, type TestServer } from '../support/http-server.ts'
import { localHosts } from '../support/local-hosts.ts'
import { setLimit } from '../support/set-limit.ts'
import { until } from '../support/until.ts'
import { startWebhookReceiver } from '../support/webhook-receiver.ts'

const errors: Partial<AlertRequest> & Pick<AlertRequest, 'when'> = {
  when: { kind: 'lines', filter: { texts: [{ text: 'boom [0-9]+', regex: true }] } },
}

async function ask(server: TestServer, method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.base}/api/v1${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(method === 'GET' || method === 'DELETE'
      ? {}
      : { headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  return { status: response.status, text, json: text === '' ? null : JSON.parse(text) }
}

async function put(server: TestServer, name: string, rule: object): Promise<Alert> {
  const { status, json, text } = await ask(server, 'PUT', `/alerts/${name}`, rule)
  expect([status, text]).toEqual([200, text])
  return json
}

async function get(server: TestServer, name: string): Promise<Alert> {
  return (await ask(server, 'GET', `/alerts/${name}`)).json
}

const noting = (server: TestServer, name: string, isSo: (alert: Alert) => boolean) =>
  until(`alert ${name} says so`, async () => {
    const alert = await get(server, name)
    return isSo(alert) && alert
  })

test('tells a webhook of the line that matched, signed, with a link to it, once', async () => {
  await using receiver = await startWebhookReceiver()
  await using server = await startHttpServer()
  const webhook = { kind: 'json', url: `${receiver.url}/hook?key=s3cret`, secret: 'signing-key' }
  await put(server, 'errors', { ...errors, webhooks: [webhook] })
  const run = await server.run('echo fine; echo "boom 1 <!channel>"; echo boom 2')
  const [message] = await receiver.messages(1)
  await server.ended(run.id)
  const body = JSON.parse(message?.body ?? '')
  expect(body).toMatchObject({
    idempotencyKey: `errors/${run.id}/2`,
    alert: 'errors',
    kind: 'lines',
    count: 1,
    run: { id: run.id, target: 'local' },
    lines: [
      {
        pos: 2,
        host: 'local',
        text: 'boom 1 <!channel>',
        url: `https://ops.example.com/runs/${run.id}#L2`,
      },
    ],
  })
  const seconds = message?.headers['x-farglass-timestamp']
  const mac = createHmac('sha256', 'signing-key').update(`${seconds}.${message?.body}`)
  expect(message?.headers['x-farglass-signature']).toBe(`v1=${mac.digest('hex')}`)
  // The second line came while the alert was silent.
  const alert = await noting(server, 'errors', ({ deliveries }) => deliveries[0]?.status === 204)
  expect(alert).toMatchObject({
    fired: 1,
    firings: [{ title: 'errors: 1 matching line', path: `/runs/${run.id}#L2` }],
    deliveries: [{ state: 'delivered', tries: 1, host: receiver.url.slice('http://'.length) }],
  })
  expect(receiver.received).toHaveLength(1)
})

test('fires when a run ends as asked, and only for the runs that are meant', async () => {
  await using receiver = await startWebhookReceiver()
  await using server = await startHttpServer()
  await put(server, 'failed', {
    when: { kind: 'end', outcomes: ['failed', 'lost'], exitCodes: [3] },
    runs: { command: 'backup' },
    cooldownSeconds: 1,
    webhooks: [{ kind: 'slack', url: receiver.url }],
  })
  for (const command of ['echo backup', 'exit 3', 'echo backup; exit 4']) {
    await server.ended((await server.run(command)).id)
  }
  const { id } = await server.ended((await server.run('echo backup; exit 3')).id)
  const [message] = await receiver.messages(1)
  expect(message?.body).toContain(`https://ops.example.com/runs/${id}`)
  expect(message?.body).toContain('local: exit status 3')
  expect((await get(server, 'failed')).fired).toBe(1)
})

test('waits for so many matches within a time, and shows the newest of them', async () => {
  await using receiver = await startWebhookReceiver()
  await using server = await startHttpServer()
  await put(server, 'many', {
    ...errors,
    count: 3,
    webhooks: [{ kind: 'json', url: receiver.url }],
  })
  await server.ended((await server.run('echo boom 1; echo boom 2')).id)
  const run = await server.run('for i in 1 2 3 4; do echo boom $i; done')
  const [message] = await receiver.messages(1)
  const { count, lines } = JSON.parse(message?.body ?? '')
  expect(count).toBe(3)
  expect(lines.map(({ pos }: { pos: number }) => pos)).toEqual([1, 2, 3])
  await server.ended(run.id)
})

test('a receiver that is away is asked again until it takes the message, which is the same then', async () => {
  using _retry = { [Symbol.dispose]: setLimit('webhookRetryMsMin', 20) }
  await using receiver = await startWebhookReceiver()
  await using server = await startHttpServer()
  receiver.answers.push(
    { status: 503, body: 'inner secret' },
    { status: 429, headers: { 'retry-after': '0' } },
  )
  await put(server, 'errors', { ...errors, webhooks: [{ kind: 'json', url: receiver.url }] })
  await server.run('echo boom 1')
  const messages = await receiver.messages(3)
  expect(new Set(messages.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  const alert = await noting(
    server,
    'errors',
    ({ deliveries }) => deliveries[0]?.state === 'delivered',
  )
  expect(alert.deliveries[0]?.tries).toBe(3)
  expect(JSON.stringify(alert)).not.toContain('inner secret')
})

test('advisory-ssrf: nothing of this machine, its neighbours or a cloud is reached, and no redirect is followed', async () => {
  await using receiver = await startWebhookReceiver()
  const { port } = new URL(receiver.url)
  const tried = async (server: TestServer, url: string): Promise<Delivery> => {
    await put(server, 'probe', { ...errors, webhooks: [{ kind: 'json', url }] })
    return (await ask(server, 'POST', '/alerts/probe/test', {})).json.deliveries[0]
  }
  await using closed = await startHttpServer({ webhookAllow: [] })
  for (const host of [
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
    '169.254.169.254',
  ]) {
    const { problem, status } = await tried(closed, `http://${host}:${port}/`)
    expect([host, status, problem?.includes('--webhook-allow')]).toEqual([host, null, true])
  }
  expect(receiver.received).toEqual([])
  await using open = await startHttpServer()
  receiver.answers.push({ status: 302, headers: { location: `${receiver.url}/inner` } })
  expect((await tried(open, receiver.url)).problem).toContain('redirect (302)')
  expect(receiver.received.map(({ path }) => path)).toEqual(['/'])
  const refused = await ask(open, 'PUT', '/alerts/probe', {
    ...errors,
    webhooks: [{ kind: 'json', url: 'file:///etc/passwd' }],
  })
  expect(refused.status).toBe(400)
})

test('the address and key of a webhook are kept sealed and never given back; what is not given stays', async () => {
  await using receiver = await startWebhookReceiver()
  await using server = await startHttpServer()
  const url = `${receiver.url}/T0/B0/t0p-s3cret`
  const rule = { ...errors, webhooks: [{ id: 'ops', kind: 'json', url, secret: 'k3y' }] }
  const stored = await put(server, 'errors', rule)
  expect(stored.webhooks).toEqual([
    { id: 'ops', kind: 'json', host: new URL(url).host, hasSecret: true },
  ])
  const kept = await put(server, 'errors', {
    ...errors,
    count: 2,
    webhooks: [{ id: 'ops', kind: 'json' }],
  })
  expect(kept.webhooks).toEqual(stored.webhooks)
  const answer = await ask(server, 'POST', '/alerts/errors/test', {})
  expect(answer.json.deliveries).toMatchObject([{ state: 'delivered', status: 204 }])
  expect(receiver.received[0]?.path).toBe('/T0/B0/t0p-s3cret')
  const listed = await ask(server, 'GET', '/alerts')
  const records = JSON.stringify([
    await server.store.records.list('alert'),
    await server.store.records.list('alert-trace'),
  ])
  for (const text of [listed.text, answer.text, records]) expect(text).not.toMatch(/t0p-s3cret|k3y/)
})

test('a wrong rule is refused with a sentence that names the field', async () => {
  await using server = await startHttpServer()
  const refusals: [object, string][] = [
    [
      { when: { kind: 'lines', filter: { texts: [{ text: '(', regex: true }] } } },
      'regular expression',
    ],
    [{ ...errors, webhooks: [{ kind: 'slack' }] }, 'has no address'],
    [{ ...errors, count: automationLimits.alertCountMax + 1 }, '"count"'],
    [{ ...errors, cooldownSeconds: 0 }, '"cooldownSeconds"'],
    [{ ...errors, runs: { target: 'web/1' } }, 'web/1'],
    [{ ...errors, colour: 'red' }, '"colour" is not known'],
  ]
  for (const [rule, part] of refusals) {
    const { status, json } = await ask(server, 'PUT', '/alerts/errors', rule)
    expect([status, json.error.message]).toEqual([400, expect.stringContaining(part)])
  }
  expect((await ask(server, 'GET', '/alerts/Errors')).status).toBe(400)
  expect((await ask(server, 'GET', '/alerts/none')).status).toBe(404)
  await put(server, 'errors', errors)
  expect((await ask(server, 'PUT', '/alerts/errors?version=99', errors)).status).toBe(409)
  expect((await ask(server, 'DELETE', '/alerts/errors')).status).toBe(204)
})

test('a pattern that never ends makes the alert late, says what it passed over, and holds up nobody', async () => {
  await using server = await startHttpServer()
  const texts = [{ text: '^(a+)+$', regex: true }]
  await put(server, 'slow', { when: { kind: 'lines', filter: { texts } }, webhooks: [] })
  const run = await server.run(`echo ${'a'.repeat(40)}b`)
  await server.ended(run.id)
  await until('the lines are counted as passed over', async () => {
    const families = await server.metrics.read()
    const family = families.find(({ name }) => name === 'farglass_alert_skipped_lines_total')
    return (family?.samples[0]?.value ?? 0) > 0
  })
  await put(server, 'errors', { ...errors, webhooks: [] })
  await server.run('echo boom 1')
  await noting(server, 'errors', ({ fired }) => fired === 1)
})

test('what was judged is not judged again after a restart, and what was not told is told then', async () => {
  using _retry = { [Symbol.dispose]: setLimit('webhookRetryMsMin', 60_000) }
  await using receiver = await startWebhookReceiver()
  const store = createMemoryStore()
  const secretKeyFile = join(mkdtempSync(join(tmpdir(), 'fg-key-')), 'secret-key')
  receiver.answers.push({ status: 500 })
  {
    await using first = await startHttpServer({ store, secretKeyFile, hosts: localHosts() })
    await put(first, 'errors', { ...errors, webhooks: [{ kind: 'json', url: receiver.url }] })
    await first.ended((await first.run('echo boom 1')).id)
    await noting(first, 'errors', ({ deliveries }) => deliveries[0]?.state === 'waiting')
  }
  await using second = await startHttpServer({ store, secretKeyFile })
  const [before, after] = await receiver.messages(2)
  expect(after?.headers['idempotency-key']).toBe(before?.headers['idempotency-key'])
  const alert = await noting(
    second,
    'errors',
    ({ deliveries }) => deliveries[0]?.state === 'delivered',
  )
  expect(alert.fired).toBe(1)
  expect(await store.records.list('alert-firing')).toEqual([])
  expect(await store.records.list('alert-run')).toEqual([])
})

test('of two nodes the one that carries a run tells of it, whoever has stored the alert', async () => {
  await using receiver = await startWebhookReceiver()
  const store = createMemoryStore()
  const nodes = createMemoryNodes()
  const secretKeyFile = join(mkdtempSync(join(tmpdir(), 'fg-key-')), 'secret-key')
  await using one = await startHttpServer({ store, secretKeyFile, nodes: nodes.join('one') })
  await using two = await startHttpServer({ store, secretKeyFile, nodes: nodes.join('two') })
  const webhooks = [{ kind: 'json', url: receiver.url }]
  await put(one, 'errors', { ...errors, webhooks, cooldownSeconds: 1 })
  // The other one reads the rules of the store by itself.
  await until('node two judges its run, too', async () => {
    await two.ended((await two.run('echo boom 1')).id)
    return receiver.received.length > 0
  })
  const before = receiver.received.length
  const run = await one.ended((await one.run('sleep 1.1; echo boom 2')).id)
  await receiver.messages(before + 1)
  await noting(two, 'errors', ({ deliveries }) => deliveries[0]?.firing.includes(run.id) === true)
  const ids = receiver.received.map(({ headers }) => headers['idempotency-key'])
  expect(new Set(ids).size).toBe(ids.length)
  expect((await get(two, 'errors')).fired).toBe(ids.length)
})

test('what is damaged or from a newer version is named, can be removed, and keeps no alert from firing', async () => {
  await using receiver = await startWebhookReceiver()
  await using server = await startHttpServer()
  const { records } = server.store
  for (const [kind, url, key] of [
    ['alert', '/alerts', 'alerts'],
    ['schedule', '/schedules', 'schedules'],
    ['trigger', '/triggers', 'triggers'],
    ['saved-command', '/commands', 'commands'],
  ] as const) {
    await records.put({ kind, name: 'newer', body: '{"when":{"kind":"moon"}}' })
    const { json } = await ask(server, 'GET', url)
    expect(json[key]).toEqual([])
    expect(json.unreadable).toMatchObject([
      { name: 'newer', message: expect.stringContaining('"newer"') },
    ])
    expect((await ask(server, 'GET', `${url}/newer`)).status).toBe(503)
  }
  await records.put({ kind: 'alert-trace', name: 'errors', body: '{"fired":"often"}' })
  await put(server, 'errors', { ...errors, webhooks: [{ kind: 'json', url: receiver.url }] })
  await server.run('echo boom 1')
  await receiver.messages(1)
  expect(await noting(server, 'errors', ({ deliveries }) => deliveries.length > 0)).toMatchObject({
    fired: 1,
  })
  expect((await ask(server, 'DELETE', '/alerts/newer')).status).toBe(204)
  expect((await ask(server, 'GET', '/alerts')).json.unreadable).toEqual([])
})

test('a reader of firings is told where it stands at once, then what fires, and with its cursor what it has missed', async () => {
  await using server = await startHttpServer()
  await put(server, 'errors', errors)
  const test = () => ask(server, 'POST', '/alerts/errors/test')
  /** The first events of a stream, as they are on the wire. */
  const events = async (query: string, headers: Record<string, string> = {}, count = 1) => {
    const leave = new AbortController()
    const url = `${server.base}/api/v1/firings/stream${query}`
    const { body } = await fetch(url, { headers, signal: leave.signal })
    const found: string[] = []
    let text = ''
    for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part
      found.splice(0, Infinity, ...text.split('\n\n').filter((each) => each.startsWith('id:')))
      if (found.length >= count) break
      if (found.length === 1) void test()
    }
    leave.abort()
    return found.map((each) => each.replace(/"time":"[^"]*"/, '"time":"…"'))
  }
  const placeOf = (next: number) =>
    `id: ${next}\nevent: firings\ndata: {"pos":${next},"next":${next},"firings":[]}`
  const [first, second] = await events('', {}, 2)
  expect(first).toBe(placeOf(0))
  expect(second?.startsWith('id: 1\nevent: firings\ndata: ')).toBe(true)
  expect(JSON.parse(second?.split('data: ')[1] ?? '')).toEqual({
    pos: 0,
    next: 1,
    firings: [
      {
        pos: 0,
        id: expect.stringMatching(/^errors\/test\//),
        alert: 'errors',
        time: '…',
        title: 'errors: a test',
        path: '/alerts',
        desktop: false,
      },
    ],
  })
  expect(await events('')).toEqual([placeOf(1)])
  expect(await events('?from=0')).toEqual([second])
  expect(await events('?from=1', { 'last-event-id': '0' })).toEqual([second])
  const { status, json } = await ask(server, 'GET', '/firings/stream?from=x')
  expect([status, json.error.code]).toEqual([400, 'bad-cursor'])
})
