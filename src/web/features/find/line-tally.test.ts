import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { barParts } from './bar-parts.ts'
import {
  barAt,
  barLines,
  joined,
  type LineTally,
  noLines,
  posFrom,
  tallyOf,
  withLines,
} from './line-tally.ts'

const empty: LineTally = { from: 100, width: 1, bars: [], next: 0 }
const line = (pos: number, value: number, channel: 'out' | 'err' | 'note' = 'out') => ({
  pos,
  value,
  channel,
  level: null,
})

describe('lines by interval', () => {
  test('begin as the server has counted them, and go on line by line', () => {
    const bucket = { index: 1, pos: 40, out: 2, err: 1, note: 3, levels: {} }
    const answer = {
      run: `r${'0'.repeat(25)}`,
      by: 'time' as const,
      from: 1_000,
      to: 2_000,
      size: 4,
      buckets: [bucket],
      count: 6,
      next: 46,
      stopped: null,
    }
    const tally = tallyOf(answer)
    expect([tally.width, tally.bars.map(barLines)]).toEqual([250, [0, 3, 0, 0]])
    expect([posFrom(tally, 0), posFrom(tally, 2)]).toEqual([40, null])
    const grown = withLines(tally, [line(45, 1_300), line(46, 1_300, 'err'), line(47, 2_100)], 8)
    expect(grown.bars.map(barLines)).toEqual([0, 4, 0, 0, 1])
    expect([grown.next, posFrom(grown, 2), barAt(grown, 9_999)]).toEqual([48, 47, 4])
  })

  test('are shown by channel or by level, with each line in one part', () => {
    const counted = { from: 0, width: 10, bars: [noLines, noLines], next: 0 }
    const first = withLines(
      counted,
      [
        { ...line(0, 5), level: 'error' },
        { ...line(1, 5, 'err'), level: 'error' },
        { ...line(2, 5), level: 'info' },
        line(3, 5),
        // A note can say a level, and is no line of a host.
        { ...line(4, 15, 'note'), level: 'error' },
      ],
      2,
    )
    const parts = (tally: LineTally, at: number, split: 'channel' | 'level') =>
      barParts(tally.bars[at] ?? noLines, split).map(({ name, count }) => `${name} ${count}`)
    expect(parts(first, 0, 'channel')).toEqual(['err 1', 'out 3'])
    expect(parts(first, 0, 'level')).toEqual(['error 2', 'warn 0', 'info 1', 'debug 0', 'none 1'])
    expect(parts(first, 1, 'level').at(-1)).toBe('none 0')
    // When two become one, and when the server has counted in two goes.
    const grown = withLines(first, [{ ...line(5, 25), level: 'warn' }], 2)
    expect(parts(grown, 0, 'level').slice(0, 3)).toEqual(['error 3', 'warn 0', 'info 1'])
    const later = withLines({ ...counted, next: 5 }, [{ ...line(5, 5), level: 'warn' }], 2)
    const both = joined(first, later)
    expect([both.next, parts(both, 0, 'level').slice(0, 3)]).toEqual([
      6,
      ['error 2', 'warn 1', 'info 1'],
    ])
  })

  test('have a bounded number, and lose no line, however long the run', () => {
    const steps = fc.array(fc.tuple(fc.nat(5_000), fc.constantFrom('out', 'err', 'note')), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(steps, fc.integer({ min: 2, max: 20 }), (values, barsMax) => {
        let tally = empty
        for (const [pos, [value, channel]] of values.entries()) {
          const one = {
            pos,
            value: 100 + value,
            channel: channel as 'out' | 'err' | 'note',
            level: null,
          }
          tally = withLines(tally, [one], barsMax)
          expect(tally.bars.length).toBeLessThanOrEqual(barsMax)
        }
        const sum = (name: 'out' | 'err' | 'note') =>
          tally.bars.reduce((total, bar) => total + bar[name], 0)
        for (const name of ['out', 'err', 'note'] as const) {
          expect(sum(name)).toBe(values.filter(([, channel]) => channel === name).length)
        }
        for (const [pos, [value]] of values.entries()) {
          const first = tally.bars[barAt(tally, 100 + value)]?.pos
          expect(first === null || first === undefined ? -1 : first).toBeLessThanOrEqual(pos)
        }
      }),
    )
  })
})
