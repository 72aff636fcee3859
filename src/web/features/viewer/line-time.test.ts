import { expect, test } from 'vitest'
import { lineTime, newDay } from './line-time.ts'

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

test('a day begins with the first line of it, and not before the line above is known', () => {
  const on = (time: string) => ({ time: `2026-11-${time}Z` })
  const day = { mode: 'utc', locale: 'en' } as const
  expect(newDay(on('24T00:00:00.000'), on('23T23:59:59.999'), day)).toBe('Tue, Nov 24, 2026')
  expect(newDay(on('24T00:01:00.000'), on('24T00:00:00.000'), day)).toBe('')
  expect(newDay(on('24T00:01:00.000'), undefined, day)).toBe('')
  const local = { mode: 'clock', locale: 'zh-CN' } as const
  const midnight = (at: number) => ({ time: new Date(2026, 10, 24, 0, 0, 0, at).toISOString() })
  expect(newDay(midnight(0), midnight(-1), local)).toBe('2026年11月24日周二')
  expect(newDay(midnight(1), midnight(0), local)).toBe('')
})
