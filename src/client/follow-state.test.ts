import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleRun } from '../../test/support/sample-run.ts'
import { AppError } from '../shared/errors.ts'
import type { LinesEvent, StreamEvent } from '../shared/protocol/events.ts'
import { type FollowInput, type FollowState, follow, startFollowing } from './follow-state.ts'

const run = sampleRun()

function lines(pos: number, count: number): LinesEvent {
  const texts = Array.from({ length: count }, (_, index) => `line ${pos + index}`)
  const group = { task: 0, channel: 'out', time: '2026-01-01T00:00:00.000Z' } as const
  const half = Math.floor(count / 2)
  const groups = [
    { ...group, lines: texts.slice(0, half) },
    { ...group, lines: texts.slice(half) },
  ].filter((each) => each.lines.length > 0)
  return { kind: 'lines', pos, next: pos + count, groups }
}

function event(state: FollowState, given: StreamEvent) {
  return follow(state, { kind: 'event', event: given })
}

function textsOf(step: ReturnType<typeof follow>): string[] {
  return step.deliver.flatMap((given) =>
    given.kind === 'lines' ? given.groups.flatMap((group) => [...group.lines]) : [],
  )
}

function numberOf(text: string): number {
  return Number(text.slice('line '.length))
}

/** How a connection ends before the run does. */
function endOf(kind: string, { next, random }: { next: number; random: number }): FollowInput {
  const error = new AppError('too-many-viewers', 'No.')
  switch (kind) {
    case 'bye':
      return { kind: 'event', event: { kind: 'bye', retryMs: 700 } }
    case 'refused':
      return { kind: 'refused', status: error.status, error, random }
    case 'too early':
      return { kind: 'event', event: { kind: 'end', next: next + 1, run } }
    default:
      return { kind: 'broken', livedMs: 0, random }
  }
}

/** Lost and given anew from 7 on; nothing was lost when it was taken over again. */
const epochs = [
  { epoch: 2, from: 7 },
  { epoch: 3, from: 9 },
]

describe('a reader of a run', () => {
  test('gives every line once and in order, whatever the server repeats or leaves out', () => {
    const piece = fc.record({ pos: fc.nat(40), count: fc.integer({ min: 1, max: 12 }) })
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        let state = startFollowing(0)
        const seen: string[] = []
        for (const { pos, count } of pieces) {
          const step = event(state, lines(pos, count))
          expect(step.next.kind).toBe(pos > state.cursor ? 'wait' : 'read')
          seen.push(...textsOf(step))
          state = step.state
        }
        expect(seen).toEqual(Array.from({ length: state.cursor }, (_, index) => `line ${index}`))
      }),
    )
  })

  test('drops what it has when the run was given anew from there since it got it, and asks again', () => {
    const first = event(startFollowing(0), { kind: 'run', run })
    const { state } = event(first.state, lines(0, 10))
    const anew = sampleRun({ epoch: 3, epochs, next: 20 })
    const step = event(state, { kind: 'run', run: anew })
    expect(step.deliver.at(-1)).toEqual({ kind: 'reset', epoch: 3, from: 7, epochs })
    expect(step.next).toEqual({ kind: 'wait', ms: 0 })
    expect(step.state.cursor).toBe(7)
    // The same run again: what it has now is of the new epoch.
    const again = event(event(step.state, lines(7, 5)).state, { kind: 'run', run: anew })
    expect(again.deliver).toEqual([{ kind: 'run', run: anew }])
    expect(again.state.cursor).toBe(12)
  })

  test('is not done where an ended run ends when other lines were there before', () => {
    const { state } = event(startFollowing(9, []), { kind: 'run', run })
    const ended = sampleRun({ state: 'ended', epoch: 3, epochs, next: 9 })
    const step = follow(state, { kind: 'nothing-more', run: ended })
    expect(step.deliver.at(-1)).toEqual({ kind: 'reset', epoch: 3, from: 7, epochs })
    expect(step.next.kind).toBe('wait')
    // Who has nothing of what was given anew is done.
    const before = { ...state, cursor: 7 }
    expect(follow(before, { kind: 'nothing-more', run: ended }).next.kind).toBe('done')
  })

  test('has every kept line once when it ends, over any cuts, refusals, repeats and removed lines', () => {
    const visit = fc.record({
      grown: fc.nat(9),
      removed: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(4)),
      /** Lines before the cursor that come again. */
      repeated: fc.nat(5),
      batches: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 5 }),
      end: fc.constantFrom('broken', 'broken', 'bye', 'refused', 'too early'),
      random: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 30 }), (visits) => {
        let state = startFollowing(0)
        let first = 0
        let next = 0
        const gone = new Set<number>()
        const seen: string[] = []
        const take = (input: FollowInput) => {
          const step = follow(state, input)
          state = step.state
          seen.push(...textsOf(step))
          return step
        }
        const told = () => ({ ...run, first, next })
        for (const { grown, removed, repeated, batches, end, random } of visits) {
          next += grown
          for (let at = 0; at < removed && first < next; at++) gone.add(first++)
          take({ kind: 'opened' })
          take({ kind: 'event', event: { kind: 'run', run: told() } })
          let pos = Math.max(first, state.cursor - repeated)
          for (const count of batches) {
            const size = Math.min(count, next - pos)
            if (size <= 0) break
            expect(take({ kind: 'event', event: lines(pos, size) }).next.kind).toBe('read')
            pos += size
          }
          const step = take(endOf(end, { next, random }))
          expect(step.next.kind).toBe('wait')
          if (step.next.kind === 'wait') expect(step.next.ms).toBeLessThanOrEqual(10_000)
        }
        take({ kind: 'event', event: { kind: 'run', run: told() } })
        if (state.cursor < next)
          take({ kind: 'event', event: lines(state.cursor, next - state.cursor) })
        const last = take({ kind: 'event', event: { kind: 'end', next, run: told() } })
        expect(last.next.kind).toBe('done')
        expect(new Set(seen).size).toBe(seen.length)
        const kept = Array.from({ length: next }, (_, at) => at).filter((at) => !gone.has(at))
        expect(seen).toEqual(expect.arrayContaining(kept.map((at) => `line ${at}`)))
        expect(seen).toEqual(seen.toSorted((a, b) => numberOf(a) - numberOf(b)))
      }),
      { numRuns: 300 },
    )
  })

  test('keeps the marks of long lines at the right lines when it drops known ones', () => {
    const cut = [
      { index: 0, bytes: 70_000 },
      { index: 3, bytes: 80_000 },
    ]
    const group = { task: 0, channel: 'out', time: '', lines: ['a', 'b', 'c', 'd'], cut } as const
    const step = event(startFollowing(2), { kind: 'lines', pos: 0, next: 4, groups: [group] })
    expect(step.deliver).toEqual([
      {
        kind: 'lines',
        pos: 2,
        next: 4,
        groups: [{ ...group, lines: ['c', 'd'], cut: [{ index: 1, bytes: 80_000 }] }],
      },
    ])
  })

  test('asks again at once for a missing line, and slower when it is missing again', () => {
    const first = event(startFollowing(5), lines(6, 1))
    expect(first.next).toEqual({ kind: 'wait', ms: 0 })
    expect(first.deliver).toEqual([])
    const second = event(first.state, lines(6, 1))
    expect(second.next).toEqual({ kind: 'wait', ms: 500 })
  })

  test('asks again when the end comes before the last line', () => {
    const step = event(startFollowing(5), { kind: 'end', next: 6, run })
    expect(step.next).toEqual({ kind: 'wait', ms: 0 })
    expect(step.deliver).toEqual([])
  })

  test('goes on from the oldest kept line when older ones are no longer kept', () => {
    const step = event(startFollowing(0), { kind: 'run', run: { ...run, first: 100, next: 200 } })
    expect(step.state.cursor).toBe(100)
  })

  test('goes back when the history was given anew, and on from the end after a cursor beyond it', () => {
    expect(
      event(startFollowing(50), { kind: 'reset', epoch: 2, from: 10, epochs: [] }).state.cursor,
    ).toBe(10)
    expect(
      event(startFollowing(5), { kind: 'reset', epoch: 2, from: 10, epochs: [] }).state.cursor,
    ).toBe(5)
  })

  test('waits 0.25 s at least and 10 s at most, longer each time, spread by chance', () => {
    for (const random of [0, 0.5, 0.999]) {
      let state = startFollowing(0)
      let last = 0
      for (let turn = 0; turn < 20; turn++) {
        const step = follow(state, { kind: 'broken', livedMs: 0, random })
        const ms = step.next.kind === 'wait' ? step.next.ms : Number.NaN
        expect(ms).toBeGreaterThanOrEqual(Math.max(250, last))
        expect(ms).toBeLessThanOrEqual(10_000)
        expect(step.deliver).toEqual([{ kind: 'connection', state: 'lost', retryMs: ms }])
        last = ms
        state = step.state
      }
      expect(last).toBe(10_000)
    }
  })

  test('starts over with short waits after new lines or a long connection', () => {
    const tired = { ...startFollowing(3), failures: 6 }
    expect(event(tired, lines(3, 1)).state.failures).toBe(0)
    const step = follow(tired, { kind: 'broken', livedMs: 20_000, random: 0 })
    expect(step.next).toEqual({ kind: 'wait', ms: 250 })
  })

  test('honours what the server asks for: retry and bye', () => {
    const asked = follow(startFollowing(0), { kind: 'retry', ms: 2_000 })
    const broken = follow(asked.state, { kind: 'broken', livedMs: 0, random: 0 })
    expect(broken.next).toEqual({ kind: 'wait', ms: 2_000 })
    const bye = event(startFollowing(0), { kind: 'bye', retryMs: 700 })
    expect(bye.next).toEqual({ kind: 'wait', ms: 700 })
  })

  test('gives up on what a retry cannot cure, and only on that', () => {
    const refused = (code: 'not-found' | 'unauthorized' | 'too-many-viewers'): FollowInput => {
      const error = new AppError(code, 'No.')
      return { kind: 'refused', status: error.status, error, random: 0 }
    }
    expect(follow(startFollowing(0), refused('not-found')).next.kind).toBe('fail')
    expect(follow(startFollowing(0), refused('unauthorized')).next.kind).toBe('fail')
    expect(follow(startFollowing(0), refused('too-many-viewers')).next.kind).toBe('wait')
  })

  test('makes the end itself when it had every line but not the end', () => {
    const step = follow(startFollowing(7), { kind: 'nothing-more', run })
    expect(step.deliver).toEqual([{ kind: 'end', next: 7, run }])
    expect(step.next).toEqual({ kind: 'done' })
  })
})
