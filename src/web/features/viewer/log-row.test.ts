import { expect, test } from 'vitest'
import { hostColor } from './log-row.ts'

test('the first eight hosts of a run have eight colours; tasks are numbered from 0', () => {
  const colors = Array.from({ length: 9 }, (_, task) => hostColor(task))
  expect(new Set(colors).size).toBe(8)
  expect(colors[8]).toBe(colors[0])
})
