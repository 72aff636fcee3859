import { expect, test } from 'vitest'
import { limits } from './limits.ts'
import { batchPattern, planOf, storedPlan } from './run-plan.ts'

const command = { kind: 'command' } as const

test.each([
  ['5', 38, 5],
  ['20%', 38, 7],
  ['20%', 3, 1],
  ['100%', 38, 38],
  ['1%', 1_000, 10],
])('a batch of %s of %i hosts is %i of them', (batch, hosts, size) => {
  expect(planOf({ batch }, command, hosts).batch).toBe(size)
  expect(batchPattern.test(batch)).toBe(true)
})

test.each(['0', '0%', '101%', '-1', '5 %', 'five', ''])('"%s" is no batch', (batch) => {
  expect(batchPattern.test(batch)).toBe(false)
})

test('without a wish a run goes over all of its hosts, however many fail, for as long as it takes', () => {
  const plan = planOf({}, command, 3)
  expect(plan).toEqual({
    fanout: limits.fanoutDefault,
    batch: null,
    maxFailures: null,
    taskTimeoutMs: null,
    timeoutMs: null,
    order: 'given',
  })
  expect(storedPlan({ source: command })).toEqual(plan)
})

test('what is followed goes on all hosts at once', () => {
  expect(planOf({}, { kind: 'files' }, 3).fanout).toBe(limits.tasksPerRunMax)
})
