import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRowHeights } from './row-heights.ts'

describe('row heights', () => {
  test('gives the row at a pixel and the pixel of a row', () => {
    const heights = createRowHeights()
    heights.cover(5, 10, () => 20)
    heights.set(6, 60)
    expect(heights.total).toBe(140)
    expect(heights.offsetOf(7)).toBe(80)
    expect(heights.at(79)).toEqual({ pos: 6, off: 59 })
    expect(heights.at(80)).toEqual({ pos: 7, off: 0 })
    expect(heights.at(10_000).pos).toBe(9)
  })

  test('keeps measured heights when lines come and go, and agrees with a plain sum', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('cover' as const), a: fc.nat(40), b: fc.nat(40) }),
      fc.record({
        kind: fc.constant('set' as const),
        a: fc.nat(80),
        b: fc.integer({ min: 1, max: 99 }),
      }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const heights = createRowHeights()
        let model = new Map<number, number>()
        for (const { kind, a, b } of steps) {
          if (kind === 'cover') {
            const old = model
            const isJoined = old.size > 0 && a < heights.end && a + b > heights.first
            model = new Map()
            for (let pos = a; pos < a + b; pos++) {
              model.set(pos, isJoined ? (old.get(pos) ?? pos + 1) : pos + 1)
            }
            heights.cover(a, a + b, (pos) => pos + 1)
          } else if (model.has(a)) {
            model.set(a, b)
            heights.set(a, b)
          }
          let sum = 0
          for (const [pos, height] of model) {
            expect(heights.offsetOf(pos)).toBe(sum)
            expect(heights.at(sum)).toEqual({ pos, off: 0 })
            sum += height
          }
          expect(heights.total).toBe(sum)
        }
      }),
    )
  })
})
