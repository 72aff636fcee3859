/** Integration tests of the request guard on every route that the router knows, over real sockets. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerGarbage } from '../../src/http/errors.ts'
import type { Access } from '../../src/http/guard.ts'
import { openApiRoute } from '../../src/http/openapi/document.ts'
import type { App, Parts } from '../../src/http/parts.ts'
import { routes } from '../../src/http/routes/routes.ts'
import { bearer, startHttpServer, type TestServer } from '../support/http-server.ts'
import { send } from '../support/raw-http.ts'

interface Entry {
  readonly method: string
  readonly url: string
  readonly access: Access
}

/** The router's own table: a new route is covered without a change here. */
function everyRoute(): Entry[] {
  const table: Entry[] = []
  const app = fastify({ exposeHeadRoutes: false }) as unknown as App
  app.decorate('unknownRoute')
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => () => '')
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) {
      table.push({ method: one, url: concrete(url), access: config?.access ?? 'open' })
    }
  })
  openApiRoute(app)
  for (const route of routes) route(app, { auth: { mode: {} } } as Parts)
  return table
}

function concrete(url: string): string {
  return url
    .replace(':id', `r${'a'.repeat(25)}`)
    .replace(':task', '0')
    .replace('*', '')
}

const table = everyRoute()
const needLogin = table.filter(({ access }) => ['read', 'change', 'article'].includes(access))
const withData = table.filter(({ access }) => access !== 'page' && access !== 'open')
const bodies: Readonly<Record<string, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain',
}
const posts = table.filter(({ method }) => method === 'POST')

test('the table holds every route of the protocol', () => {
  const names = table.map(({ method, url }) => `${method} ${url.replace(/ra{25}/, 'ID')}`)
  expect(names).toEqual(
    expect.arrayContaining([
      'POST /api/v1/runs',
      'GET /api/v1/runs/ID/stream',
      'GET /api/v1/runs/ID/raw',
      'POST /run',
      'GET /stream',
      'GET /healthz',
      'GET /openapi.json',
    ]),
  )
  expect(posts.length).toBeGreaterThan(4)
})

interface Target {
  readonly server: TestServer
  /** Headers of a good login: they must not help against the guard. */
  readonly login: Readonly<Record<string, string>>
  readonly cookie: string
}

async function startTarget(auth: 'token' | 'none'): Promise<Target> {
  const server = await startHttpServer({ auth })
  if (auth === 'none') return { server, login: {}, cookie: 'a=b' }
  return { server, login: { authorization: `Bearer ${bearer}` }, cookie: await signIn(server) }
}

async function ask({ server }: Target, entry: Entry, headers: Record<string, string>) {
  const body = entry.method === 'POST' ? { body: '{}' } : {}
  const type = entry.access === 'article' ? bodies['form'] : bodies['json']
  const typed = entry.method === 'POST' ? { 'content-type': type ?? '' } : {}
  server.calls.length = 0
  return send(`${server.base}${entry.url}`, {
    method: entry.method,
    headers: { ...typed, ...headers },
    ...body,
  })
}

/** What a refusal amounts to: its status, whether it is a sentence, and what ran nevertheless. */
async function refusal(target: Target, entry: Entry, headers: Record<string, string>) {
  const answer = await ask(target, entry, headers)
  const { error } = (answer.json ?? { error: { message: '', hint: '' } }) as {
    error: { message: string; hint: string }
  }
  const isSentence = /^[A-Z/].+\.$/.test(error.message) && error.hint !== ''
  return {
    status: answer.status,
    isSentence: entry.method === 'HEAD' || isSentence,
    calls: [...target.server.calls],
    leaks: answer.text.includes('canary'),
  }
}

const refused = (status: number) => ({ status, isSentence: true, calls: [], leaks: false })

describe.each(['token', 'none'] as const)('with auth %s', (auth) => {
  let target: Target
  beforeAll(async () => {
    target = await startTarget(auth)
  })
  afterAll(() => target.server[Symbol.asyncDispose]())

  const attacks: readonly [string, Record<string, string>, number][] = [
    ['advisory-CVE-2025-24010: a rebound host name', { host: 'evil.test' }, 421],
    ['another origin', { origin: 'http://evil.test' }, 403],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['the origin null', { origin: 'null' }, 403],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page on another port', { 'sec-fetch-site': 'same-site' }, 403],
    ['an upgrade', { connection: 'upgrade', upgrade: 'websocket' }, 400],
  ]
  describe.each(attacks)('advisory-CVE-2026-44882: %s', (_name, headers, status) => {
    test.each(table)('$method $url is refused and no handler runs', async (entry) => {
      const seen = await refusal(target, entry, { ...target.login, ...headers })
      expect(seen).toEqual(refused(status))
    })
  })

  test.each(withData)('$method $url refuses a cookie that nothing vouches for', async (entry) => {
    expect(await refusal(target, entry, { cookie: target.cookie })).toEqual(refused(403))
  })

  test.each(posts)('$method $url takes its own kind of body only', async (entry) => {
    for (const [kind, type] of Object.entries(bodies)) {
      const takes = entry.access === 'article' ? kind === 'form' : kind === 'json'
      if (takes) continue
      const seen = await refusal(target, entry, { ...target.login, 'content-type': type })
      expect(seen).toEqual(refused(415))
    }
  })

  test.each(table)(
    'advisory-CVE-2026-44883: $method $url takes no token in its address',
    async (entry) => {
      for (const name of ['token', 'access_token']) {
        const url = `${entry.url}?${name}=canary`
        const seen = await refusal(target, { ...entry, url }, { ...target.login })
        expect(seen).toEqual(refused(400))
      }
    },
  )

  test.each(table)('$method $url sends the headers of the browser policy', async (entry) => {
    const { headers } = await ask(target, entry, { host: 'evil.test' })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['permissions-policy']).toContain('camera=()')
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['x-powered-by']).toBeUndefined()
  })
})

describe('without a good login', () => {
  let target: Target
  beforeAll(async () => {
    target = await startTarget('token')
  })
  afterAll(() => target.server[Symbol.asyncDispose]())
  const page = () => ({ origin: target.server.base, 'sec-fetch-site': 'same-origin' })

  test.each(needLogin)(
    'seed-23-no-login, advisory-CVE-2024-28179: $method $url needs one',
    async (entry) => {
      for (const headers of [
        {},
        { authorization: 'Bearer wrong' },
        { authorization: bearer },
        { ...page(), cookie: '__Host-farglass=wrong' },
        { ...page(), cookie: `__Host-farglass=${'A'.repeat(43)}` },
      ]) {
        expect(await refusal(target, entry, headers)).toEqual(refused(401))
      }
    },
  )

  const changes = table.filter(({ access }) => access === 'change')
  test.each(changes)('$method $url by cookie needs the page key', async (entry) => {
    const headers = { ...page(), cookie: target.cookie }
    for (const key of [{}, { 'x-farglass-key': 'wrong' }]) {
      expect(await refusal(target, entry, { ...headers, ...key })).toEqual(refused(403))
    }
  })
})

test('TRACE, CONNECT and what is not HTTP do nothing', async () => {
  await using server = await startHttpServer()
  for (const text of [
    'TRACE / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
    'CONNECT evil.test:80 HTTP/1.1\r\nHost: evil.test:80\r\n\r\n',
    'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
    'POST /run HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'nonsense\r\n\r\n',
  ]) {
    const answer = await rawTalk(server.port, text)
    expect(answer).not.toMatch(/^HTTP\/1\.1 2/)
    // Node itself answers a missing Host, and hangs up on CONNECT.
    expect(answer).toMatch(
      /^$|^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n|"message":"[^"]+\."/,
    )
  }
  expect(server.calls).toEqual([])
})

function rawTalk(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => (answer += String(chunk)))
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
    socket.write(text)
  })
}

test('a request that comes too late is not answered: it may be asked again', async () => {
  const soon = { headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 20 }
  const server = createServer(soon)
  server.on('clientError', answerGarbage)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const address = server.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    expect(await rawTalk(port, 'GET /healthz HTTP/1.1\r\nHost: a\r\n')).toBe('')
    expect(await rawTalk(port, 'no HTTP\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  } finally {
    server.close()
  }
})

async function signIn(server: TestServer): Promise<string> {
  const token = new URL(await server.newLink()).hash.slice('#t='.length)
  const answer = await send(`${server.base}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.base },
    body: JSON.stringify({ token }),
  })
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}
