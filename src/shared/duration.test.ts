import { expect, test } from 'vitest'
import { formatDuration } from './duration.ts'

test.each([
  [0, '0.0 s'],
  [2_449, '2.4 s'],
  [42_400, '42 s'],
  [185_000, '3 min 5 s'],
  [8_040_000, '2 h 14 min'],
])('%d ms reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})
