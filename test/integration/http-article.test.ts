/** Integration tests of the article's own two routes, `POST /run` and `GET /stream`. */
import { describe, expect, test } from 'vitest'
import type { ConnectRequest } from '../../src/core/remote/remote-host.ts'
import { AppError } from '../../src/shared/errors.ts'
import { limits } from '../../src/shared/limits.ts'
import { makeGate } from '../support/gate.ts'
import { startHttpServer, type TestServer } from '../support/http-server.ts'
import { localHosts } from '../support/local-hosts.ts'
import { type SseStream, send, watch } from '../support/raw-http.ts'
import { until } from '../support/until.ts'

const fields = { host: 'box:2222', username: 'ann', password: 'canary-pw', command: 'echo hi' }

/** The form as the article's script sends it: `fetch('/run', { method: 'POST', body: FormData })`. */
async function postForm(
  server: TestServer,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
) {
  const body = new FormData()
  for (const [name, value] of Object.entries(form)) body.append(name, value)
  const answer = await fetch(`${server.base}/run`, { method: 'POST', body, headers })
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
}

async function uidOf(server: TestServer, form: Readonly<Record<string, string>>): Promise<string> {
  const { status, json } = await postForm(server, form)
  expect([status, Object.keys(json)]).toEqual([200, ['uid']])
  return String(json['uid'])
}

function messagesOf(stream: SseStream): string[] {
  return stream.events
    .filter(({ data }) => data !== undefined)
    .map(({ event, data }) => {
      expect(event).toBe('message')
      expect(data).toMatch(/^\{"message": ".*"\}$/s)
      const parsed = JSON.parse(data ?? '') as { message: string }
      expect(Object.keys(parsed)).toEqual(['message'])
      return parsed.message
    })
}

const streamOf = (server: TestServer, uid: string) => `${server.base}/stream?channel=${uid}`

test('the form starts a run whose id is the uid; the stream gives its lines and ends', async () => {
  const asked: ConnectRequest[] = []
  const hosts = localHosts(async (request) => void asked.push(request))
  await using server = await startHttpServer({ hosts })
  const uid = await uidOf(server, { ...fields, command: 'printf "a\\nb\\n"; echo c >&2; printf d' })
  expect(uid).toMatch(/^r[a-z0-9]{25}$/)
  const stream = await watch(streamOf(server, uid))
  expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8')
  expect(await stream.over).toBe('ended')
  expect(messagesOf(stream).toSorted()).toEqual(['a', 'b', 'c', 'd'])
  const [connection] = asked
  expect(connection?.destination).toMatchObject({ user: 'ann', name: 'box', port: 2222 })
  expect(connection?.login?.password.reveal()).toBe('canary-pw')
  // The password is in no answer and in no record of the run.
  const run = await server.service.get(uid)
  expect(JSON.stringify(run)).not.toContain('canary-pw')
  expect(run.target).toBe('ann@box:2222')
})

test('an EventSource that comes again resumes exactly, and is stopped by 204 at the end', async () => {
  await using server = await startHttpServer()
  await using gate = await makeGate()
  const uid = await uidOf(server, { ...fields, command: `seq 1 20; ${gate.wait}; seq 21 40` })
  const first = await watch(streamOf(server, uid))
  await until('some lines', () => messagesOf(first).length >= 7)
  const kept = first.events.slice(0, 9)
  first.cut()
  const headers = { 'last-event-id': kept.findLast(({ id }) => id !== undefined)?.id ?? '' }
  const second = await watch(streamOf(server, uid), headers)
  await gate.open()
  await second.over
  const messages = messagesOf({ ...first, events: [...kept, ...second.events] })
  expect(messages).toEqual(Array.from({ length: 40 }, (_, at) => String(at + 1)))
  const last = second.events.findLast(({ id }) => id !== undefined)?.id ?? ''
  const final = await send(streamOf(server, uid), { headers: { 'last-event-id': last } })
  expect([final.status, final.text]).toEqual([204, ''])
})

test('a progress bar is one message with its last state', async () => {
  await using server = await startHttpServer()
  const command = "printf '10%%\\r55%%\\r100%%\\r\\nplain\\r\\n'"
  const stream = await watch(streamOf(server, await uidOf(server, { ...fields, command })))
  await stream.over
  expect(messagesOf(stream)).toEqual(['100%', 'plain'])
})

test('hostile lines travel as JSON, whole', async () => {
  await using server = await startHttpServer()
  const command = `printf '%b\\n' '<b>\\033[31m\\0000x' 'data: \\342\\200\\250y' '"\\\\\\\\'`
  const stream = await watch(streamOf(server, await uidOf(server, { ...fields, command })))
  await stream.over
  expect(messagesOf(stream)).toEqual(['<b>\u001b[31m\0x', 'data: \u2028y', '"\\\\'])
})

describe('seed-12-silent-failure', () => {
  test('a connection that fails says why, and ends', async () => {
    const hosts = localHosts(async () => {
      throw new AppError('password-refused', 'box refused the password of ann.')
    })
    await using server = await startHttpServer({ hosts })
    const stream = await watch(streamOf(server, await uidOf(server, fields)))
    expect(await stream.over).toBe('ended')
    expect(messagesOf(stream)).toEqual([
      '[farglass] failed: box refused the password of ann. Check user name and password.',
    ])
  })

  const bad: readonly [string, Readonly<Record<string, string>>, string, string][] = [
    ['no host', { command: 'ls' }, 'bad-target', '"host" is missing'],
    ['an empty host', { ...fields, host: '' }, 'bad-target', '"host" is empty'],
    ['a port that is none', { ...fields, host: 'box:ssh' }, 'bad-target', 'the port "ssh"'],
    ['a port of 70000', { ...fields, host: 'box:70000' }, 'bad-target', 'the port "70000"'],
    ['two hosts', { ...fields, host: 'a:1,b:2' }, 'bad-target', 'takes one host'],
    ['an option as host', { ...fields, host: '-oX=1' }, 'bad-target', 'is not a host name'],
    ['an option as user', { ...fields, username: '-l' }, 'bad-target', 'is not a user name'],
    ['a second @', { ...fields, host: 'x@box' }, 'bad-target', 'is not a user name'],
    ['no command', { host: 'box:22' }, 'bad-command', '"command" is missing'],
    ['an empty command', { ...fields, command: '' }, 'bad-command', '"command" is empty'],
  ]
  test.each(bad)('%s gives 400 and a sentence, no run', async (...row) => {
    const [, form, code, words] = row
    await using server = await startHttpServer()
    const { status, json } = await postForm(server, form)
    const { error } = json as { error: { code: string; message: string } }
    expect([status, error.code]).toEqual([400, code])
    expect(error.message).toContain(words)
    expect(JSON.stringify(json)).not.toContain('canary-pw')
    expect(await server.service.list({ limit: 5 })).toEqual([])
  })

  test('IPv6 hosts work', async () => {
    await using server = await startHttpServer()
    const uid = await uidOf(server, { ...fields, host: '[::1]:2222' })
    const stream = await watch(streamOf(server, uid))
    await stream.over
    expect(messagesOf(stream)).toEqual(['hi'])
  })
})

test('an ordinary form works too; without user and password the keys of ssh are used', async () => {
  const asked: ConnectRequest[] = []
  const hosts = localHosts(async (request) => void asked.push(request))
  await using server = await startHttpServer({ hosts })
  const body = new URLSearchParams({ host: 'box:22', username: '', password: '', command: 'true' })
  const answer = await send(`${server.base}/run`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
  })
  expect(answer.status).toBe(200)
  await server.ended((answer.json as { uid: string }).uid)
  expect(asked[0]?.login).toBeUndefined()
  expect(asked[0]?.destination).toMatchObject({ user: null, name: 'box', port: 22 })
})

test('a form that cannot be read, holds a file or names a field twice is refused', async () => {
  await using server = await startHttpServer()
  const type = 'multipart/form-data; boundary=x'
  for (const body of [
    'nonsense',
    '--x\r\nContent-Disposition: form-data; name="host"\r\n\r\na\r\n',
    '--x\r\nContent-Disposition: form-data; name="host"; filename="f"\r\n\r\na\r\n--x--\r\n',
    '--x\r\nContent-Disposition: form-data; name="host"\r\n\r\na\r\n--x\r\nContent-Disposition: form-data; name="host"\r\n\r\nb\r\n--x--\r\n',
  ]) {
    const answer = await send(`${server.base}/run`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({ error: { code: 'bad-request' } })
  }
})

test.each([
  ['host', limits.hostCharsMax, 'bad-target'],
  ['username', limits.userCharsMax, 'bad-request'],
  ['password', limits.secretCharsMax, 'bad-request'],
] as const)('a %s over its limit of %i characters is refused by name', async (name, max, code) => {
  await using server = await startHttpServer()
  const { status, json } = await postForm(server, { ...fields, [name]: 'x'.repeat(max + 1) })
  expect([status, json]).toMatchObject([400, { error: { code } }])
  expect(JSON.stringify(json)).toContain(`is more than ${max} characters`)
  expect(server.calls).toEqual([])
})

test('the same form with the same Idempotency-Key starts one run', async () => {
  await using server = await startHttpServer()
  const headers = { 'idempotency-key': 'form-1' }
  const [one, two] = [
    await postForm(server, fields, headers),
    await postForm(server, fields, headers),
  ]
  expect(two.json).toEqual(one.json)
  const other = await postForm(server, { ...fields, command: 'ls' }, headers)
  expect(other.status).toBe(422)
})

test('seed-23-no-login: a foreign page cannot start a command, our own page can', async () => {
  await using server = await startHttpServer()
  for (const headers of [
    { origin: 'http://evil.test' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { cookie: 'a=b' },
  ]) {
    const body = new URLSearchParams(fields).toString()
    const answer = await send(`${server.base}/run`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } as Record<
        string,
        string
      >,
      body,
    })
    expect(answer.status).toBe(403)
  }
  expect(server.calls).toEqual([])
  const own = new URLSearchParams(fields).toString()
  const answer = await send(`${server.base}/run`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: server.base,
      'sec-fetch-site': 'same-origin',
    },
    body: own,
  })
  expect(answer.status).toBe(200)
})
