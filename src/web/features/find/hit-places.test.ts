import { expect, test } from 'vitest'
import { hitPlaces } from './hit-places.ts'

const regex = (text: string) => ({ text, isRegex: true, ignoresCase: true })

test.each([
  [
    { text: 'a.', isRegex: false, ignoresCase: true },
    'aa.A.',
    [
      [1, 3],
      [3, 5],
    ],
  ],
  [
    regex('a+'),
    'xaaya',
    [
      [1, 3],
      [4, 5],
    ],
  ],
  [regex('b*'), 'abba', [[1, 3]]],
  [regex('^'), 'abc', []],
])('the places of %j in "%s"', (pattern, text, expected) => {
  const [found] = hitPlaces(pattern, [text])
  expect(found?.map(({ from, to }) => [from, to])).toEqual(expected)
})

test('a line of one letter has so many places, and no more', () => {
  expect(hitPlaces(regex('a'), ['a'.repeat(10_000)])[0]).toHaveLength(200)
})
