import { expect, test } from 'vitest'
import type { Task } from '../../../shared/run.ts'
import { choosePane, fillPanes, paneCount, shownTasks, turnPanes } from './host-panes.ts'

const all = [0, 1, 2, 3, 4, 5, 6]

test('as many panes stand beside each other as there is room for, one on a phone, four at most', () => {
  expect([100, 390, 640, 900, 1_200, 4_000].map(paneCount)).toEqual([1, 1, 2, 3, 4, 4])
})

test('hosts that a filter hides have no pane', () => {
  const tasks = ['web-1', 'web-2', 'db'].map((host, id) => ({ id, host }) as Task)
  const rule = { kind: 'hosts', hosts: ['db'], isInverse: false } as const
  expect(shownTasks(tasks, [])).toEqual([0, 1, 2])
  expect(shownTasks(tasks, [rule])).toEqual([2])
  expect(shownTasks(tasks, [{ ...rule, isInverse: true }])).toEqual([0, 1])
})

test('panes are filled with the hosts that come after, and keep what was chosen', () => {
  expect(fillPanes([], all, 3)).toEqual([0, 1, 2])
  expect(fillPanes([4], all, 3)).toEqual([4, 5, 6])
  expect(fillPanes([5, 2], all, 4)).toEqual([5, 2, 3, 4])
  expect(fillPanes([6], all, 3)).toEqual([6, 0, 1])
  expect(fillPanes([9, 1], [1, 3], 4)).toEqual([1, 3])
})

test('pages of panes reach every host, and stop at both ends', () => {
  const pages = [fillPanes([], all, 3)]
  for (let page = 0; page < 3; page++) pages.push(turnPanes(pages.at(-1) ?? [], all, 1))
  expect(pages).toEqual([
    [0, 1, 2],
    [3, 4, 5],
    [4, 5, 6],
    [4, 5, 6],
  ])
  expect(turnPanes([1, 2, 3], all, -1)).toEqual([0, 1, 2])
})

test('a host that is chosen in another pane changes places', () => {
  expect(choosePane([0, 1, 2], 1, 5)).toEqual([0, 5, 2])
  expect(choosePane([0, 1, 2], 0, 2)).toEqual([2, 1, 0])
  expect(choosePane([0, 1, 2], 1, 1)).toEqual([0, 1, 2])
})
