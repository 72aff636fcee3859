import { describe, expect, test } from 'vitest'
import { ticksOf, widthFor } from './time-axis.ts'

describe('the axis of a histogram', () => {
  test.each([
    [0, 50],
    [1_000, 50],
    [100_000, 1_000],
    [240_000, 5_000],
    [86_400_000, 900_000],
    [1e12, 1e10],
  ])('a run of %i ms is counted in intervals of %i ms', (span, width) => {
    expect(widthFor(span, 100)).toBe(width)
    expect(span / width).toBeLessThanOrEqual(100)
  })

  test('has round times of the clock', () => {
    const from = Date.parse('2026-11-29T09:36:40Z')
    const ticks = ticksOf({ from, to: from + 240_000 }, 5, 0)
    const clock = ticks.map(({ ms }) => new Date(ms).toISOString().slice(11, 19))
    expect(clock).toEqual(['09:37:00', '09:38:00', '09:39:00', '09:40:00'])
    expect(ticks[0]?.share).toBeCloseTo(20 / 240)
    const india = ticksOf({ from, to: from + 3_600_000 * 12 }, 5, 5.5 * 3_600_000)
    expect(new Date((india[0]?.ms ?? 0) + 5.5 * 3_600_000).toISOString().slice(11, 19)).toBe(
      '18:00:00',
    )
  })
})
