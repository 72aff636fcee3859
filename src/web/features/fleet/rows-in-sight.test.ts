import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowsInSight } from './rows-in-sight.ts'

test('every row in sight is in the page, and few that are not, wherever the list is scrolled', () => {
  fc.assert(
    fc.property(
      fc.record({
        top: fc.integer({ min: -2_000, max: 60_000 }),
        height: fc.integer({ min: 0, max: 1_200 }),
        count: fc.integer({ min: 0, max: 1_000 }),
        rowPx: fc.integer({ min: 20, max: 60 }),
      }),
      (sight) => {
        const { first, end } = rowsInSight(sight)
        const { top, height, count, rowPx } = sight
        expect(first).toBeGreaterThanOrEqual(0)
        expect(end).toBeGreaterThanOrEqual(first)
        expect(end).toBeLessThanOrEqual(count)
        expect(end - first).toBeLessThanOrEqual(Math.ceil(height / rowPx) + 18)
        for (let row = 0; row < count; row++) {
          const isInSight = row * rowPx < top + height && (row + 1) * rowPx > top
          if (isInSight) expect(row >= first && row < end).toBe(true)
        }
      },
    ),
  )
})
