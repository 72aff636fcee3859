/** Integration tests of logins: one-time links, sessions that outlive a restart, limits of guessing. */
import { expect, test } from 'vitest'
import { createMetrics } from '../../src/core/metrics/metrics.ts'
import { exposition } from '../../src/http/metrics/exposition.ts'
import { createHttpServer } from '../../src/http/server.ts'
import { limits } from '../../src/shared/limits.ts'
import type { SessionInfo } from '../../src/shared/protocol/session.ts'
import { parseExposition, valueOf } from '../support/exposition-parser.ts'
import { bearer, startHttpServer, type TestServer } from '../support/http-server.ts'
import { manualClock } from '../support/manual-clock.ts'
import { postJson, type RawAnswer, send, watch } from '../support/raw-http.ts'

function tokenOf(link: string): string {
  return new URL(link).hash.slice('#t='.length)
}

function signIn(server: TestServer, token: string, headers = {}): Promise<RawAnswer> {
  return postJson(`${server.base}/api/v1/sign-in`, { token }, { origin: server.base, ...headers })
}

/** Headers of a page that is signed in. */
async function page(server: TestServer): Promise<Record<string, string>> {
  const answer = await signIn(server, tokenOf(await server.newLink()))
  expect(answer.status).toBe(200)
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const { pageKey } = answer.json as SessionInfo
  return { origin: server.base, cookie, 'x-farglass-key': pageKey ?? '' }
}

test('a link signs one browser in, once', async () => {
  await using server = await startHttpServer({ auth: 'token' })
  const link = await server.newLink()
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+\/#t=[A-Za-z0-9_-]{43}$/)
  const first = await signIn(server, tokenOf(link))
  expect(first.json).toMatchObject({ auth: 'token', signedIn: true, version: '0.0.0-test' })
  const [cookie = ''] = first.headers['set-cookie'] ?? []
  expect(cookie).toMatch(/^__Host-farglass=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=604800; HttpOnly; /)
  expect(cookie).toContain('Secure; SameSite=Strict')
  const second = await signIn(server, tokenOf(link))
  expect(second.status).toBe(401)
  expect(second.json).toMatchObject({ error: { code: 'bad-token' } })
  expect(second.headers['set-cookie']).toBeUndefined()
})

test('a link can open another page than the first', async () => {
  await using server = await startHttpServer({ auth: 'token' })
  const link = new URL(await server.newLink('/runs/r1'))
  expect(link.pathname).toBe('/runs/r1')
  expect((await signIn(server, tokenOf(link.href))).status).toBe(200)
})

test('a link is of no use after ten minutes', async () => {
  const clock = manualClock()
  await using server = await startHttpServer({ auth: 'token', clock })
  const early = await server.newLink()
  clock.advance(limits.firstStartTokenMs - 1)
  expect((await signIn(server, tokenOf(early))).status).toBe(200)
  const late = await server.newLink()
  clock.advance(limits.firstStartTokenMs)
  expect((await signIn(server, tokenOf(late))).status).toBe(401)
})

test('guessing is slow: 5 tries a minute, then 429, then again', async () => {
  const clock = manualClock()
  await using server = await startHttpServer({ auth: 'token', clock })
  const statuses: number[] = []
  for (let at = 0; at < 7; at++) statuses.push((await signIn(server, 'wrong')).status)
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
  const limited = await signIn(server, tokenOf(await server.newLink()))
  expect(limited.json).toMatchObject({ error: { code: 'too-many-requests' } })
  expect(limited.headers['retry-after']).toBe('60')
  clock.advance(60_000)
  expect((await signIn(server, tokenOf(await server.newLink()))).status).toBe(200)
})

test('a page reads and changes with its cookie and its key, and sees who it is', async () => {
  await using server = await startHttpServer({ auth: 'token' })
  const headers = await page(server)
  const who = await send(`${server.base}/api/v1/session`, { headers })
  expect(who.json).toMatchObject({ signedIn: true, pageKey: headers['x-farglass-key'] })
  expect((await send(`${server.base}/api/v1/runs`, { headers })).json).toEqual({ runs: [] })
  const body = { target: 'a', source: { kind: 'command', command: 'true' } }
  expect((await postJson(`${server.base}/api/v1/runs`, body, headers)).status).toBe(201)
  const stranger = await send(`${server.base}/api/v1/session`)
  expect(stranger.json).toEqual({
    auth: 'token',
    signedIn: false,
    pageKey: null,
    version: '0.0.0-test',
  })
})

test('where the browser says nothing, X-Farglass: 1 lets a page read, but not change', async () => {
  await using server = await startHttpServer({ auth: 'token' })
  const { cookie = '' } = await page(server)
  const headers = { cookie, 'x-farglass': '1' }
  expect((await send(`${server.base}/api/v1/runs`, { headers })).status).toBe(200)
  expect((await postJson(`${server.base}/api/v1/runs`, {}, headers)).status).toBe(403)
})

test('a browser that drops Secure cookies on plain HTTP gets one that carries the port', async () => {
  await using server = await startHttpServer({ auth: 'token' })
  const safari = 'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15'
  const answer = await signIn(server, tokenOf(await server.newLink()), { 'user-agent': safari })
  const [cookie = ''] = answer.headers['set-cookie'] ?? []
  expect(cookie).toMatch(new RegExp(`^farglass-${server.port}=`))
  expect(cookie).not.toContain('Secure')
  const headers = { origin: server.base, cookie: cookie.split(';')[0] ?? '' }
  expect((await send(`${server.base}/api/v1/runs`, { headers })).status).toBe(200)
})

test('a session outlives a restart of the server; nothing but digests is stored', async () => {
  let headers: Record<string, string> = {}
  const puts: string[] = []
  await using first = await startHttpServer({ auth: 'token' })
  const put = first.store.sessions.put.bind(first.store.sessions)
  first.store.sessions.put = (session) => {
    puts.push(JSON.stringify(session))
    return put(session)
  }
  headers = await page(first)
  await first.close()
  const id = headers['cookie']?.split('=')[1] ?? ''
  // The link, and the session that it was exchanged for.
  expect(puts.length).toBe(2)
  expect(puts.join()).not.toContain(id)
  await using second = await startHttpServer({ auth: 'token', store: first.store })
  const here = { ...headers, origin: second.base }
  expect((await send(`${second.base}/api/v1/runs`, { headers: here })).status).toBe(200)
  const body = { target: 'a', source: { kind: 'command', command: 'true' } }
  expect((await postJson(`${second.base}/api/v1/runs`, body, here)).status).toBe(201)
})

test('a session ends when it is not used for 12 hours, and after 7 days in any case', async () => {
  const clock = manualClock()
  await using server = await startHttpServer({ auth: 'token', clock })
  const idle = await page(server)
  clock.advance(limits.sessionIdleMs)
  expect((await send(`${server.base}/api/v1/runs`, { headers: idle })).status).toBe(401)
  const busy = await page(server)
  let ageMs = 0
  while (ageMs + limits.sessionIdleMs / 2 < limits.sessionAgeMs) {
    clock.advance(limits.sessionIdleMs / 2)
    ageMs += limits.sessionIdleMs / 2
    expect((await send(`${server.base}/api/v1/runs`, { headers: busy })).status).toBe(200)
  }
  clock.advance(limits.sessionIdleMs / 2)
  expect((await send(`${server.base}/api/v1/runs`, { headers: busy })).status).toBe(401)
})

test('signing out ends the session and its open streams', async () => {
  await using server = await startHttpServer({ auth: 'token' })
  const headers = await page(server)
  const { id } = await server.run('sleep 60')
  const stream = await watch(`${server.base}/api/v1/runs/${id}/stream`, headers)
  const other = await watch(`${server.base}/api/v1/runs/${id}/stream`, {
    authorization: `Bearer ${bearer}`,
  })
  await stream.event(({ event }) => event === 'run')
  const answer = await send(`${server.base}/api/v1/sign-out`, { method: 'POST', headers })
  expect(answer.status).toBe(204)
  expect(answer.headers['set-cookie']?.[0]).toContain('Max-Age=0')
  expect(await stream.over).toBe('cut')
  const figures = parseExposition(exposition(await server.metrics.read()))
  expect(valueOf(figures, 'farglass_viewers_cut_total', { reason: 'signed-out' })).toBe(1)
  expect((await send(`${server.base}/api/v1/runs`, { headers })).status).toBe(401)
  // The stream of somebody else goes on.
  await server.service.stop(id)
  expect(await other.over).toBe('ended')
})

test('advisory-GO-2024-3006: a stream ends with its session, also without a request', async () => {
  const clock = manualClock()
  await using server = await startHttpServer({ auth: 'token', clock })
  const headers = await page(server)
  const { id } = await server.run('sleep 60')
  const stream = await watch(`${server.base}/api/v1/runs/${id}/stream`, headers)
  await stream.event(({ event }) => event === 'run')
  clock.advance(limits.sessionAgeMs)
  expect(await stream.over).toBe('cut')
  await server.service.stop(id)
})

test('without a login it listens on this machine only', async () => {
  await using server = await startHttpServer()
  const options = {
    service: server.service,
    search: server.search,
    hosts: server.hosts,
    commands: server.commands,
    retention: server.retention,
    runFiles: server.runFiles,
    keyRotation: server.keyRotation,
    sessions: server.store.sessions,
    clock: manualClock(),
    automation: server.automation,
    metrics: createMetrics(),
    port: 0,
    auth: { kind: 'none' },
    webRoot: null,
    allowedHosts: [],
    version: '0',
  } as const
  for (const host of ['0.0.0.0', '::', '192.168.1.1', 'example.org', '']) {
    await expect(createHttpServer({ ...options, host })).rejects.toThrow('Without a login')
  }
  expect(await server.newLink()).toBe(`${server.base}/`)
})
