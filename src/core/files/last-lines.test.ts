import { expect, it } from 'vitest'
import { lastLinesStart } from './last-lines.ts'

it.each([
  ['a\nb\nc\n', 2, 'b\nc\n'],
  ['a\nb\nc', 2, 'b\nc'],
  ['a\nb\n', 10, 'a\nb\n'],
  ['a\n', 0, ''],
  ['', 3, ''],
  ['\n', 1, '\n'],
  ['\n\n', 2, '\n\n'],
  ['\n\n', 1, '\n'],
])('of %j the last %i lines are %j', (text, lines, expected) => {
  expect(text.slice(lastLinesStart(new TextEncoder().encode(text), lines))).toBe(expected)
})
