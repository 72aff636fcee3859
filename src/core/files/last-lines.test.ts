import { expect, it } from 'vitest'
import { newlinesBefore, stepBack } from './last-lines.ts'

/** In pieces of this size from the end, as a reader does. */
function lastLines(text: string, lines: number, pieceBytes: number): string {
  const bytes = new TextEncoder().encode(text)
  let left = newlinesBefore(lines, bytes.at(-1))
  for (let end = bytes.length; end > 0; end -= pieceBytes) {
    const from = Math.max(0, end - pieceBytes)
    const step = stepBack(bytes.subarray(from, end), left)
    if (step.at !== null) return text.slice(from + step.at)
    left = step.left
  }
  return text
}

it.each([
  ['a\nb\nc\n', 2, 'b\nc\n'],
  ['a\nb\nc', 2, 'b\nc'],
  ['a\nb\n', 10, 'a\nb\n'],
  ['a\n', 0, ''],
  ['a', 0, ''],
  ['', 3, ''],
  ['\n', 1, '\n'],
  ['\n\n', 2, '\n\n'],
  ['\n\n', 1, '\n'],
  ['one\ntwo\nthree\n', 1, 'three\n'],
])('of %j the last %i lines are %j', (text, lines, expected) => {
  for (const pieceBytes of [1, 2, 3, 5, 100]) {
    expect(lastLines(text, lines, pieceBytes)).toBe(expected)
  }
})
