import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { latencyOf } from './canary-latency.ts'

describe('the latency of canary lines', () => {
  test('holds the true value between its bounds, whatever separates the clocks', () => {
    const ms = fc.double({ min: 0.1, max: 5_000, noNaN: true })
    const lines = fc.array(fc.record({ pause: ms, latency: ms }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(lines, ms, fc.integer({ min: -1e12, max: 1e12 }), (all, startMs, apart) => {
        const askedMs = 1_000
        let sent = askedMs + startMs
        const stamps = all.map(({ pause, latency }) => {
          sent += pause
          return { sentMs: sent + apart, seenMs: sent + latency }
        })
        const sorted = all.map(({ latency }) => latency).toSorted((a, b) => a - b)
        const found = latencyOf(stamps, askedMs)
        for (const [share, between] of [
          [0.5, found?.p50],
          [0.99, found?.p99],
        ] as const) {
          const truth = sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN
          // Numbers of 1e12 carry no more than a ten-thousandth beside them.
          expect(between?.minMs).toBeLessThanOrEqual(truth + 0.01)
          expect(between?.maxMs).toBeGreaterThanOrEqual(truth - 0.01)
        }
      }),
    )
  })

  test('is as exact as the start of the command was fast', () => {
    const stamps = [5, 6, 25].map((latency, at) => ({
      sentMs: at * 10,
      seenMs: 1_000 + at * 10 + latency,
    }))
    // The command was asked for 30 ms before it sent its first line.
    expect(latencyOf(stamps, 970)).toEqual({
      p50: { minMs: 1, maxMs: 36 },
      p99: { minMs: 20, maxMs: 55 },
    })
  })

  test('a delay that all lines have alike is not taken for none', () => {
    const stamps = [0, 10, 20].map((sentMs) => ({ sentMs, seenMs: 5_000 + sentMs }))
    expect(latencyOf(stamps, -20)?.p50.maxMs).toBe(5_020)
  })

  test('is unknown without a stamp', () => {
    expect(latencyOf([], 0)).toBeNull()
  })
})
