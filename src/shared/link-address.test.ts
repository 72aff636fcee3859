import { expect, test } from 'vitest'
import { linkAddress } from './link-address.ts'

test.each([
  ['https://x.example/a?b=c#d', 'x.example'],
  ['http://127.0.0.1:8080', '127.0.0.1:8080'],
  ['https://[::1]:443/', '[::1]:443'],
  ['HTTPS://X.example', 'X.example'],
])('%s leads to %s', (address, host) => {
  expect(linkAddress(address)).toEqual({ address, host })
})

test.each([
  'javascript:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  'vbscript:x',
  '//x.example',
  '/runs',
  'https:/\\x.example',
  'https://good.example@evil.example/',
  'https://evil.example\\@good.example/',
  'https://x.ex\u0430mple/',
  'https://x.example/\u202e',
  'https://x.example/a b',
  ' https://x.example/',
  'https://',
  'https://x.example:port/',
  `https://x.example/${'a'.repeat(2_048)}`,
  '',
])('%j is no link', (address) => {
  expect(linkAddress(address)).toBeNull()
})
