import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WireLine } from '../../../shared/protocol/events.ts'
import { createLineBuffer, linesOfGroups } from './line-buffer.ts'

const line = (pos: number, text = `line ${pos}`): WireLine => ({
  pos,
  task: 1,
  channel: 'out',
  time: '2026-01-01T00:00:00.000Z',
  text,
})
const stretch = (from: number, count: number): WireLine[] =>
  Array.from({ length: count }, (_, at) => line(from + at))

describe('line buffer', () => {
  test('holds every line at its position and drops the oldest over its bound', () => {
    const buffer = createLineBuffer(10, { linesMax: 100, charsMax: 1_000_000 })
    expect(buffer.append(stretch(10, 250))).toBe(true)
    expect([buffer.first, buffer.end]).toEqual([160, 260])
    expect(buffer.at(159)).toBeUndefined()
    expect(buffer.at(160)?.text).toBe('line 160')
    expect(buffer.at(259)?.text).toBe('line 259')
    expect(buffer.at(260)).toBeUndefined()
  })

  test('refuses lines that are not next, so that a gap never looks like history', () => {
    const buffer = createLineBuffer(0)
    expect(buffer.append(stretch(1, 1))).toBe(false)
    expect(buffer.append(stretch(0, 5))).toBe(true)
    expect(buffer.append(stretch(4, 2))).toBe(false)
    expect(buffer.prepend(stretch(-3, 2))).toBe(false)
  })

  test('earlier lines push out the newest', () => {
    const buffer = createLineBuffer(100, { linesMax: 50, charsMax: 1_000_000 })
    buffer.append(stretch(100, 50))
    expect(buffer.prepend(stretch(80, 20))).toBe(true)
    expect([buffer.first, buffer.end]).toEqual([80, 130])
  })

  test('long lines count by their characters', () => {
    const buffer = createLineBuffer(0, { linesMax: 1_000, charsMax: 100 })
    for (let pos = 0; pos < 10; pos++) buffer.append([line(pos, 'x'.repeat(40))])
    expect([buffer.first, buffer.end]).toEqual([8, 10])
  })

  test('is the same as a plain list, whatever comes', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('append' as const), count: fc.nat(30) }),
      fc.record({ kind: fc.constant('prepend' as const), count: fc.nat(30) }),
      fc.record({ kind: fc.constant('truncate' as const), count: fc.nat(30) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const buffer = createLineBuffer(1_000, { linesMax: 40, charsMax: 1_000_000 })
        let model: number[] = []
        let first = 1_000
        for (const { kind, count } of steps) {
          if (kind === 'append') {
            buffer.append(stretch(buffer.end, count))
            for (let at = 0; at < count; at++) model.push(first + model.length)
            const over = Math.max(0, model.length - 40)
            model = model.slice(over)
            first += over
          } else if (kind === 'prepend') {
            buffer.prepend(stretch(buffer.first - count, count))
            model = [...stretch(first - count, count).map(({ pos }) => pos), ...model].slice(0, 40)
            first -= count
          } else {
            buffer.truncate(buffer.end - Math.min(count, model.length))
            model = model.slice(0, model.length - Math.min(count, model.length))
          }
          expect([buffer.first, buffer.end]).toEqual([first, first + model.length])
          for (const pos of model) expect(buffer.at(pos)?.pos).toBe(pos)
        }
      }),
    )
  })
})

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
