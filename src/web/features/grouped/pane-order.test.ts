import { expect, test } from 'vitest'
import type { GroupRelation, TaskGroup } from '../../../shared/protocol/groups.ts'
import { changedSince, inOrder, keyOf, noOrder, sortedOrder } from './pane-order.ts'

function group(tasks: readonly number[], relation: GroupRelation, exitCode = 0): TaskGroup {
  const counts = { out: 1, err: 0 }
  const ended = { state: 'ended', exitCode, signal: null } as const
  return { tasks, ended, lines: counts, common: counts, relation }
}

const first = [group([4], 'differs'), group([0, 1, 2, 3], 'reference')]

test('panes stay where they are while groups come, go and change; new ones stand at the end', () => {
  const order = sortedOrder(first)
  const next = [
    group([2], 'differs'),
    group([4, 5], 'differs'),
    group([1], 'same', 3),
    group([0, 3], 'reference'),
  ]
  expect(inOrder(next, order).map(keyOf)).toEqual([4, 0, 2, 1])
  expect(changedSince(next, order)).toBe(2)
  expect(inOrder(next, sortedOrder(next)).map(keyOf)).toEqual([2, 4, 1, 0])
  expect(inOrder(next.slice(1, 2), order).map(keyOf)).toEqual([4])
})

test('more lines alone are no change, another end or another relation is one', () => {
  const order = sortedOrder(first)
  expect(changedSince(first, order)).toBe(0)
  expect(changedSince([group([4], 'so-far'), group([0, 1, 2, 3], 'reference')], order)).toBe(1)
  expect(changedSince([group([4], 'differs', 1), group([0, 1, 2, 3], 'reference')], order)).toBe(1)
  expect(changedSince(first, noOrder)).toBe(2)
})
