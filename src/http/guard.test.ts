/** Unit tests of the request guard: one table per rule. */
import { describe, expect, test } from 'vitest'
import { type Access, type GuardedRequest, hostName, refusalOf } from './guard.ts'

const own = '127.0.0.1:4770'
const rules = {
  allowedHosts: new Set(['127.0.0.1', 'localhost', '[::1]']),
  auth: 'token',
} as const

function request(
  method: string,
  access: Access,
  headers: Record<string, string> = {},
): GuardedRequest {
  return { method, access, hosts: [own], query: '', headers }
}

function codeOf(asked: GuardedRequest, auth: 'none' | 'token' = 'token'): string | null {
  return refusalOf(asked, { ...rules, auth })?.code ?? null
}

const json = { 'content-type': 'application/json', 'content-length': '2' }
const everyAccess = ['page', 'open', 'session', 'read', 'change', 'article', 'sign-in'] as const

describe('Host', () => {
  test.each([
    [['127.0.0.1:4770'], null],
    [['LOCALHOST'], null],
    [['[::1]:4770'], null],
    [['evil.test:4770'], 'misdirected-host'],
    [['127.0.0.1.evil.test'], 'misdirected-host'],
    [['localhost.'], 'misdirected-host'],
    [['evil@127.0.0.1'], 'misdirected-host'],
    [[''], 'misdirected-host'],
    [[], 'misdirected-host'],
    [['127.0.0.1', '127.0.0.1'], 'misdirected-host'],
  ])('%j gives %s, whatever the route is for', (hosts, code) => {
    for (const access of everyAccess) {
      expect(codeOf({ ...request('GET', access), hosts })).toBe(code)
    }
  })

  test('the name is taken without port and in lower case', () => {
    expect([hostName('A:1'), hostName('[::1]:80'), hostName('a')]).toEqual(['a', '[::1]', 'a'])
  })
})

describe('Sec-Fetch-Site and Origin', () => {
  test.each([
    [{ 'sec-fetch-site': 'same-origin' }, null],
    [{ 'sec-fetch-site': 'none' }, null],
    [{ 'sec-fetch-site': 'same-site' }, 'forbidden-origin'],
    [{ 'sec-fetch-site': 'cross-site' }, 'forbidden-origin'],
    [{ 'sec-fetch-site': '' }, 'forbidden-origin'],
    [{ origin: `http://${own}` }, null],
    [{ origin: 'http://127.0.0.1:8000' }, 'forbidden-origin'],
    [{ origin: 'http://127.0.0.1' }, 'forbidden-origin'],
    [{ origin: 'null' }, 'forbidden-origin'],
    [{ origin: '' }, 'forbidden-origin'],
    [{ origin: `http://${own}/` }, 'forbidden-origin'],
    [{ origin: `http://x@${own}` }, 'forbidden-origin'],
    [{ origin: `file://${own}` }, 'forbidden-origin'],
    [{ origin: `http://${own}, http://${own}` }, 'forbidden-origin'],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 'forbidden-origin'],
    [{ 'sec-fetch-site': 'cross-site', origin: `http://${own}` }, 'forbidden-origin'],
  ])('%j gives %s for reads and for changes', (headers, code) => {
    expect(codeOf(request('GET', 'read', headers))).toBe(code)
    expect(codeOf(request('POST', 'change', { ...json, ...headers }))).toBe(code)
  })

  test('a link from another site opens the page, and nothing but the page', () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    for (const access of everyAccess) {
      const code = access === 'page' ? null : 'forbidden-origin'
      expect([access, codeOf(request('GET', access, link))]).toEqual([access, code])
    }
    expect(codeOf(request('GET', 'page', { ...link, 'sec-fetch-dest': 'iframe' }))).toBe(
      'forbidden-origin',
    )
    expect(codeOf(request('POST', 'page', link))).toBe('forbidden-origin')
  })
})

describe('neither of them', () => {
  const cookie = { cookie: '__Host-farglass=x' }
  const marked = { ...cookie, 'x-farglass': '1' }
  const bearer = { ...cookie, authorization: 'Bearer x' }
  test.each([
    ['read', {}, null, null],
    ['change', {}, null, null],
    ['read', cookie, 'forbidden-origin', 'forbidden-origin'],
    ['session', cookie, 'forbidden-origin', 'forbidden-origin'],
    ['change', cookie, 'forbidden-origin', 'forbidden-origin'],
    ['article', cookie, 'forbidden-origin', 'forbidden-origin'],
    ['sign-in', cookie, 'forbidden-origin', 'forbidden-origin'],
    ['read', marked, null, 'forbidden-origin'],
    ['session', marked, null, 'forbidden-origin'],
    ['change', marked, 'forbidden-origin', 'forbidden-origin'],
    ['read', bearer, null, 'forbidden-origin'],
    ['change', bearer, null, 'forbidden-origin'],
    ['page', cookie, null, null],
    ['open', cookie, null, null],
  ] as const)('%s with %j gives %s with a login, %s without', (...row) => {
    const [access, headers, token, none] = row
    expect(codeOf(request('GET', access, headers), 'token')).toBe(token)
    expect(codeOf(request('GET', access, headers), 'none')).toBe(none)
  })
})

describe('bodies', () => {
  const types = {
    json: 'application/json; charset=utf-8',
    text: 'text/plain',
    form: 'application/x-www-form-urlencoded',
    parts: 'multipart/form-data; boundary=x',
    likeJson: 'application/jsonp',
  }
  test.each([
    ['change', types.json, null],
    ['change', types.text, 'unsupported-media-type'],
    ['change', types.form, 'unsupported-media-type'],
    ['change', types.parts, 'unsupported-media-type'],
    ['change', types.likeJson, 'unsupported-media-type'],
    ['sign-in', types.form, 'unsupported-media-type'],
    ['article', types.form, null],
    ['article', types.parts, null],
    ['article', types.text, 'unsupported-media-type'],
    ['article', types.json, 'unsupported-media-type'],
  ] as const)('%s takes %s: %s', (access, type, code) => {
    const headers = { 'content-type': type, 'content-length': '2' }
    expect(codeOf(request('POST', access, headers))).toBe(code)
  })

  test('a body without a type is refused, no body needs none', () => {
    expect(codeOf(request('POST', 'change'))).toBeNull()
    expect(codeOf(request('POST', 'change', { 'content-length': '0' }))).toBeNull()
    expect(codeOf(request('POST', 'change', { 'content-length': '2' }))).toBe(
      'unsupported-media-type',
    )
    expect(codeOf(request('POST', 'change', { 'transfer-encoding': 'chunked' }))).toBe(
      'unsupported-media-type',
    )
  })
})

describe('addresses and methods', () => {
  test.each([
    ['from=1', null],
    ['from=1&from=2', 'bad-request'],
    ['token=x', 'bad-request'],
    ['TOKEN=x', 'bad-request'],
    ['%74oken=x', 'bad-request'],
    ['access_token', 'bad-request'],
  ])('the query %s gives %s', (query, code) => {
    expect(codeOf({ ...request('GET', 'read'), query })).toBe(code)
  })

  test('the sentence about a token never holds the token', () => {
    const refusal = refusalOf({ ...request('GET', 'read'), query: 'token=canary' }, rules)
    expect(JSON.stringify(refusal?.toBody())).not.toContain('canary')
  })

  test('no protocol is switched and no TRACE is answered', () => {
    expect(codeOf(request('GET', 'read', { upgrade: 'websocket' }))).toBe('bad-request')
    expect(codeOf(request('TRACE', 'open'))).toBe('method-not-allowed')
  })
})
