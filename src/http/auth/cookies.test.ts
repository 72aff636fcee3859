/** Unit tests of the login cookie. */
import { expect, test } from 'vitest'
import { keepsSecureCookie, sessionIds, setCookie } from './cookies.ts'

const id = 'A'.repeat(43)
const other = 'B'.repeat(43)
const chrome = 'Mozilla/5.0 (X11; Linux) AppleWebKit/537.36 Chrome/156.0 Safari/537.36'
const safari = 'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15'

test('the cookie is bound to the host where the browser keeps it, else it names the port', () => {
  expect(setCookie({ port: 4770, secure: true }, id, 60_000)).toBe(
    `__Host-farglass=${id}; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Strict`,
  )
  expect(setCookie({ port: 4770, secure: false }, id, 60_000)).toBe(
    `farglass-4770=${id}; Path=/; Max-Age=60; HttpOnly; SameSite=Strict`,
  )
})

test.each([
  ['localhost', undefined, chrome, true],
  ['127.0.0.1', 'http://127.0.0.1:4770', chrome, true],
  ['[::1]', undefined, 'Mozilla/5.0 Gecko/20100101 Firefox/140.0', true],
  ['127.0.0.1', undefined, safari, false],
  ['farglass.lan', 'http://farglass.lan:4770', chrome, false],
  ['farglass.example.org', 'https://farglass.example.org', safari, true],
])('%s with origin %s: %s keeps a Secure cookie: %s', (...row) => {
  const [hostName, origin, userAgent, keeps] = row
  expect(keepsSecureCookie({ hostName, origin, userAgent })).toBe(keeps)
})

test.each([
  [undefined, []],
  ['', []],
  [`__Host-farglass=${id}`, [id]],
  [`a=b; farglass-4770=${id}; c`, [id]],
  [`farglass-4770=${other};__Host-farglass=${id}`, [id, other]],
  [`farglass-4771=${id}`, []],
  ['__Host-farglass=short', []],
  [`__Host-farglass="${id}"`, []],
  [`__proto__=${id}`, []],
])('%s holds the ids %j', (header, ids) => {
  expect(sessionIds(header, 4770)).toEqual(ids)
})
