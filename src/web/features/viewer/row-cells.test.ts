import { expect, test } from 'vitest'
import type { WireLine } from '../../../shared/protocol/events.ts'
import { cellsOf, rowsOf } from './row-cells.ts'

const line = (text: string): WireLine => ({ pos: 0, task: 0, channel: 'out', time: '', text })

test('a wrapped line takes as many rows as a terminal would give it', () => {
  expect([0, 1, 80, 81, 160, 161].map((count) => rowsOf(count, 80))).toEqual([1, 1, 1, 2, 2, 3])
})

test('colours and what a carriage return overwrote take no room', () => {
  expect(cellsOf(line('\u001b[31mred\u001b[0m plain'))).toEqual({ count: 9, isExact: true })
  expect(cellsOf(line('10%\r100%'))).toEqual({ count: 4, isExact: true })
})

test('what may be wider or narrower than a cell is measured', () => {
  for (const text of ['a\tb', '查询', 'é', 'a\u0000b', '😀']) {
    expect([text, cellsOf(line(text)).isExact]).toEqual([text, false])
  }
})
