import { describe, expect, test } from 'vitest'
import { linesOfGroups } from './wire-lines.ts'

describe('linesOfGroups', () => {
  test('numbers lines across groups and keeps what is special about each', () => {
    const time = '2026-01-01T00:00:00.000Z'
    const lines = linesOfGroups(7, [
      { task: 1, channel: 'out', time, lines: ['a', 'b'], cut: [{ index: 1, bytes: 99 }] },
      { task: 2, channel: 'err', time, lines: ['c'], end: 'unterminated' },
    ])
    expect(lines.map(({ pos, task, text, bytes, end }) => [pos, task, text, bytes, end])).toEqual([
      [7, 1, 'a', undefined, undefined],
      [8, 1, 'b', 99, undefined],
      [9, 2, 'c', undefined, 'unterminated'],
    ])
  })
})
