import { describe, expect, it } from 'vitest'
import { type MeasuredFigure, mergeReports, type Report } from '../bench/support/report.ts'

const machine = { summary: '2 × some processor', date: '2026-01-01' }

describe('figures of benches that ran alone', () => {
  const kept = report([figure('start', 'ready', 1), figure('viewers', 'age', 2, 'viewers')])

  it('take the place of what the same bench or claim had, and leave all others as they are', () => {
    const taken = report([figure('viewers of 1,000 lines/s', 'age', 3, 'viewers')], '2026-01-02')
    const merged = mergeReports(kept, taken)
    expect(merged.figures.map(({ claim, value }) => [claim, value])).toEqual([
      ['start', 1],
      ['viewers of 1,000 lines/s', 3],
    ])
    expect(merged.machine.date).toBe('2026-01-02')
    expect(merged.figures[0]?.date).toBe('2026-01-01')
    const again = mergeReports(merged, report([figure('start', 'ready', 4, 'start')]))
    expect(again.figures.map(({ value }) => value)).toEqual([4, 3])
  })

  it('are added when nobody has measured it before', () => {
    const merged = mergeReports(kept, report([figure('nodes', 'age', 5, 'nodes')]))
    expect(merged.figures.map(({ value }) => value)).toEqual([1, 2, 5])
  })

  it.each([
    ['of another machine', { machine: { summary: 'another', date: '' } }, /another machine/],
    ['of a quick run', { quick: true }, /take both the same way/],
    ['of nothing', { figures: [] }, /nothing to merge/],
  ])('are refused when they are %s', (_, other, reason) => {
    const taken = { ...report([figure('start', 'ready', 1)]), ...other }
    expect(() => mergeReports(kept, taken)).toThrow(reason)
  })
})

function report(figures: readonly MeasuredFigure[], date = machine.date): Report {
  return { machine: { ...machine, date }, quick: false, repeats: 3, figures }
}

function figure(claim: string, what: string, value: number, bench?: string): MeasuredFigure {
  return { claim, what, value, unit: 'ms', samples: [value], ...(bench && { bench }) }
}
