import { describe, expect, test } from 'vitest'
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { Run } from '../../../shared/run.ts'
import { planOf } from '../../../shared/run-plan.ts'
import { createCounters } from './counters.ts'

const line = (pos: number, channel: WireLine['channel'] = 'out'): WireLine => ({
  pos,
  task: 1,
  channel,
  time: '2026-01-01T00:00:00.000Z',
  text: '',
})
const run = (lines: number, next: number): Run => ({
  id: 'r1',
  target: 'a',
  source: { kind: 'command', command: 'true' },
  mode: 'plain',
  merged: false,
  plan: planOf({}, { kind: 'command' }, 1),
  state: 'running',
  outcome: null,
  lines,
  first: 0,
  next,
  epoch: 1,
  gaps: 0,
  lost: 0,
  duplicated: 0,
  epochs: [],
  reset: null,
  paused: null,
  pinned: false,
  removed: null,
  createdAt: '',
  endedAt: null,
  tasks: [],
})
const at = (expected: number, isFollowing = true) => ({ expected, isFollowing, now: 1_000 })

describe('counters', () => {
  test("adds the page's lines to the server's count, without notes and without counting twice", () => {
    const counters = createCounters()
    counters.takeRun(run(10, 12), 12)
    counters.take([line(12), line(13, 'note'), line(14, 'err')], at(12))
    expect(counters.figures(1_000).lines).toBe(12)
    // An older state of the run comes late.
    counters.takeRun(run(11, 13), 15)
    expect(counters.figures(1_000).lines).toBe(12)
    counters.takeRun(run(12, 15), 15)
    expect(counters.figures(1_000).lines).toBe(12)
  })

  test('a late joiner does not count history that the server has counted', () => {
    const counters = createCounters()
    counters.takeRun(run(100, 100), 0)
    counters.take([line(0), line(1)], at(0))
    expect(counters.figures(1_000).lines).toBe(100)
  })

  test("adds the gaps that this page has read to the server's count, each once", () => {
    const counters = createCounters()
    const gap = { ...line(12, 'note'), text: 'gap: 5 bytes of out are gone' }
    counters.takeRun({ ...run(10, 12), gaps: 1 }, 12)
    counters.take([gap, { ...gap, pos: 13, channel: 'out' }, line(14, 'note')], at(12))
    expect(counters.figures(1_000).gaps).toBe(2)
    counters.takeRun({ ...run(11, 15), gaps: 2 }, 15)
    expect(counters.figures(1_000).gaps).toBe(2)
    // History that the server has counted comes late.
    counters.take([{ ...gap, pos: 0 }], at(0))
    expect(counters.figures(1_000).gaps).toBe(2)
  })

  test('finds what is missing and what is repeated by position', () => {
    const counters = createCounters()
    counters.take([line(0), line(1)], at(0))
    counters.take([line(1), line(4)], at(2))
    expect(counters.figures(1_000)).toMatchObject({ missing: 2, repeated: 1 })
  })

  test('counts what comes while the reader has paused, until the end is in sight again', () => {
    const counters = createCounters()
    counters.take([line(0), line(1, 'err'), line(2, 'note')], at(0, false))
    expect(counters.figures(1_000)).toMatchObject({ unread: 2, unreadErrors: 1 })
    counters.clearUnread()
    expect(counters.figures(1_000)).toMatchObject({ unread: 0, unreadErrors: 0 })
  })

  test('the rate is the mean of the last seconds', () => {
    const counters = createCounters()
    counters.take(
      Array.from({ length: 3_000 }, (_, pos) => line(pos)),
      at(0),
    )
    expect(counters.figures(1_500).linesPerSecond).toBe(1_000)
    expect(counters.figures(10_000).linesPerSecond).toBe(0)
  })

  test('a host with a line every few seconds is not shown as one that is silent', () => {
    const counters = createCounters()
    counters.take([line(0)], at(0))
    expect(counters.figures(1_500).taskRates.get(1)).toBe(0.3)
  })
})
