import { expect, test } from 'vitest'
import type { GroupRelation, TaskGroup } from '../../../shared/protocol/groups.ts'
import { changedSince, inOrder, noOrder, type Pane, panesOf, sortedOrder } from './pane-order.ts'

function group(tasks: readonly number[], relation: GroupRelation, exitCode = 0): TaskGroup {
  const counts = { out: 1, err: 0 }
  const ended = { state: 'ended', exitCode, signal: null } as const
  return { tasks, ended, lines: counts, common: counts, relation }
}

const first = panesOf([group([4], 'differs'), group([0, 1, 2, 3], 'reference')], [])
const tasksOf = (panes: readonly Pane[]) => panes.map((pane) => pane.group.tasks)
const keysOf = (panes: readonly Pane[]) => panes.map(({ key }) => key)

test('panes stay where they are while groups come, go and change; new ones stand at the end', () => {
  const order = sortedOrder(first)
  const next = panesOf(
    [
      group([0], 'differs'),
      group([4, 5], 'differs'),
      group([1], 'same', 3),
      group([2, 3], 'reference'),
    ],
    first,
  )
  expect(tasksOf(inOrder(next, order))).toEqual([[4, 5], [2, 3], [0], [1]])
  expect(changedSince(next, order)).toBe(2)
  expect(tasksOf(inOrder(next, sortedOrder(next)))).toEqual(tasksOf(next))
})

test('what most tasks of a group were in is its pane, though its first task has left', () => {
  const next = panesOf([group([0, 4], 'differs'), group([1, 2, 3], 'reference')], first)
  expect(keysOf(next)).toEqual(keysOf(first))
  const split = panesOf([group([0], 'differs'), group([1, 2, 3], 'reference')], first)
  expect(keysOf(split)[1]).toBe(keysOf(first)[1])
  expect(keysOf(first)).not.toContain(keysOf(split)[0])
})

test('more lines alone are no change, another end or another relation is one', () => {
  const order = sortedOrder(first)
  const changed = (odd: TaskGroup) =>
    changedSince(panesOf([odd, group([0, 1, 2, 3], 'reference')], first), order)
  expect(changed(group([4], 'differs'))).toBe(0)
  expect(changed(group([4], 'so-far'))).toBe(1)
  expect(changed(group([4], 'differs', 1))).toBe(1)
  expect(changedSince(first, noOrder)).toBe(2)
})
