import { expect, test } from 'vitest'
import { createLagWatch } from './lag-watch.ts'

test('a tab lags when its newest line is two seconds older than it was at best, whatever the clocks say', () => {
  const lag = createLagWatch()
  // The server's clock is an hour ahead.
  expect(lag.take(3_600_000, 20)).toBe(false)
  expect(lag.take(3_601_000, 1_120)).toBe(false)
  expect(lag.take(3_602_000, 4_000)).toBe(false)
  expect(lag.take(3_603_000, 5_100)).toBe(true)
})

test('a tab that cannot keep up goes to the end every five seconds at most', () => {
  const lag = createLagWatch()
  lag.take(0, 0)
  expect(lag.take(0, 3_000)).toBe(true)
  expect(lag.take(3_000, 3_100)).toBe(false)
  expect(lag.take(3_000, 7_900)).toBe(false)
  expect(lag.take(3_000, 8_000)).toBe(true)
})

test('a server whose clock is set back sends the tab to the end once, not for ever', () => {
  const lag = createLagWatch()
  lag.take(3_600_000, 3_600_000)
  expect(lag.take(0, 3_601_000)).toBe(true)
  for (let second = 1; second < 60; second++) {
    expect(lag.take(second * 1_000, 3_601_000 + second * 1_000)).toBe(false)
  }
})
