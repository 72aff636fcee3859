import { expect, test } from 'vitest'
import { createMask, type MaskName, maskNames } from './line-mask.ts'

test.each<readonly [MaskName, string, string]>([
  [
    'host',
    'web-1 and WEB-1.example.com, not web-11, my-web-1 or web-1-b',
    '<host> and <host>, not web-11, my-web-1 or web-1-b',
  ],
  ['times', '2026-11-30T02:06:59.123Z up', '<time> up'],
  ['times', 'at 2026-11-30 02:06:59,5 +0100, since 2026-11-29', 'at <time>, since <time>'],
  ['times', '[30/Nov/2026:02:06:59 +0000] GET /a', '[<time>] GET /a'],
  ['times', 'Mon Nov 30 02:06:59 UTC 2026', '<time>'],
  ['times', 'Nov  3 02:06:59 app[7]: 10:15', '<time> app[7]: <time>'],
  ['times', 'fe80::1:22 10.0.0.1:8080 a1:23', 'fe80::1:22 10.0.0.1:8080 a1:23'],
  ['numbers', 'pid 4711 took 1,204.5 ms at 0xFF', 'pid <number> took <number> ms at <number>'],
])('%s: "%s"', (name, line, masked) => {
  expect(createMask([name], 'deploy@web-1.example.com:2222')(line)).toBe(masked)
})

test('without masks a line is what it is, and an address is no shorter name', () => {
  expect(createMask([], 'web-1')('web-1 at 10:15')).toBe('web-1 at 10:15')
  const mask = createMask(maskNames, '192.0.2.7')
  expect(mask('192.0.2.7 has 192 of 7')).toBe('<host> has <number> of <number>')
})
