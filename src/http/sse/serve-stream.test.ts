/** Unit tests of who gets a packed stream. */
import { expect, test } from 'vitest'
import { takesGzip } from './serve-stream.ts'

test.each([
  ['gzip, deflate, br', '192.0.2.7', true],
  ['gzip', '2001:db8::1', true],
  ['br', '192.0.2.7', false],
  ['', '192.0.2.7', false],
  ['gzip;q=0, br', '192.0.2.7', false],
  ['gzip;q=0.5', '192.0.2.7', true],
  ['gzip', '127.0.0.1', false],
  ['gzip', '127.8.9.1', false],
  ['gzip', '::1', false],
  ['gzip', '::ffff:127.0.0.1', false],
])('%j from %s: %s', (accepted, address, takes) => {
  expect(takesGzip(accepted, address)).toBe(takes)
})
