import { expect, test } from 'vitest'
import { lineTime } from './line-time.ts'

const at = (time: string) => ({ time: `2026-11-23T${time}Z` })
const start = '2026-11-23T10:00:00.000Z'

test.each([
  ['off', '12:34:56.789', ''],
  ['utc', '12:34:56.789', '12:34:56.789'],
  ['start', '10:00:04.500', '+4.500'],
  ['start', '10:01:04.500', '+1:04.500'],
  ['start', '12:34:56.789', '+2:34:56.789'],
  ['start', '09:59:59.000', '-1.000'],
  ['delta', '10:00:00.009', '+0.009'],
] as const)('%s: %s is shown as %j', (mode, time, shown) => {
  expect(lineTime(at(time), at('10:00:00.000'), { mode, start })).toBe(shown)
})

test('the first line has no line before it', () => {
  expect(lineTime(at('10:00:00.000'), undefined, { mode: 'delta', start })).toBe('')
})
