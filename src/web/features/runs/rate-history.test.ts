import { expect, test } from 'vitest'
import { createRateHistory, intervalMs, intervals } from './rate-history.ts'

test('the last minute of a task stands in its intervals, and what is older is forgotten', () => {
  const history = createRateHistory()
  const start = 1_000_000_000
  history.add(3, 5, start)
  history.add(3, 2, start + intervalMs - 1)
  history.add(3, 4, start + 3 * intervalMs)
  const after = (count: number) => history.of(3, start + count * intervalMs)
  expect(after(4).slice(-4)).toEqual([7, 0, 0, 4])
  expect(after(4)).toHaveLength(intervals)
  // What is not over yet is not told.
  expect(after(3).slice(-4)).toEqual([0, 7, 0, 0])
  expect(after(intervals + 3)[0]).toBe(4)
  expect(after(intervals + 4)).toEqual([])
  expect(history.of(4, start)).toEqual([])
})
