import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMatchIndex } from './match-index.ts'

const time = '2026-11-29T10:00:00.000Z'

describe('where matching lines stand', () => {
  test('what is found above moves no index of what was found below', () => {
    const index = createMatchIndex(1_000)
    index.addBelow({ from: 1_000, to: 6_000, count: 3, time })
    const { first, end } = index
    index.addAbove({ from: 400, to: 1_000, count: 2, time })
    expect([index.first, index.end]).toEqual([first - 2, end])
    expect([index.from, index.to]).toEqual([400, 6_000])
  })

  test('a stretch that does not follow what is known is not taken', () => {
    const index = createMatchIndex(10)
    index.addBelow({ from: 11, to: 12, count: 1, time })
    index.addAbove({ from: 0, to: 9, count: 1, time })
    expect([index.from, index.to, index.end - index.first]).toEqual([10, 10, 0])
  })

  test('every match is found by its index and by its position, however the run was looked through', () => {
    const step = fc.record({
      isAbove: fc.boolean(),
      lines: fc.integer({ min: 1, max: 3_000 }),
      share: fc.constantFrom(0, 1_000, 317, 97),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const anchor = 100_000
        const index = createMatchIndex(anchor)
        // Matches are those positions that are multiples of their share, none for 0.
        const matches: number[] = []
        for (const { isAbove, lines, share } of steps) {
          const [from, to] = isAbove
            ? [index.from - lines, index.from]
            : [index.to, index.to + lines]
          const found = Array.from({ length: to - from }, (_, at) => from + at).filter(
            (pos) => share > 0 && pos % share === 0,
          )
          matches.push(...found)
          if (isAbove) index.addAbove({ from, to, count: found.length, time })
          else index.addBelow({ from, to, count: found.length, time })
        }
        matches.sort((a, b) => a - b)
        expect(index.end - index.first).toBe(matches.length)
        for (const [at, pos] of matches.entries()) {
          const span = index.spanOfIndex(index.first + at)
          expect(span).not.toBeNull()
          if (span === null) return
          const before = matches.filter((one) => one >= span.from && one < pos).length
          expect([span.index + before, index.spanOfPos(pos)]).toEqual([index.first + at, span])
        }
        expect(index.spanOfIndex(index.first - 1)).toBeNull()
        expect(index.spanOfIndex(index.end)).toBeNull()
        expect(index.spanOfPos(index.to)).toBeNull()
      }),
      { numRuns: 100 },
    )
  })
})
