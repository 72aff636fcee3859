import { expect, test } from 'vitest'
import { fingerprintOf } from './known-hosts.ts'

const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
const fingerprint = 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU'

test.each([
  ['[web-1]:2222', `[web-1]:2222,192.0.2.7 ssh-ed25519 ${key} comment`],
  ['a hashed name', `|1|c2FsdA==|aGFzaA== ssh-ed25519 ${key}`],
  ['a marker', `@revoked web-1 ssh-ed25519 ${key}`],
])('the fingerprint of a line with %s', (_, line) => {
  expect(fingerprintOf(line)).toBe(fingerprint)
})

test('a line that holds no key has no fingerprint', () => {
  expect(fingerprintOf('')).toBe('a key that cannot be read')
})
