import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WireLine } from '../../../shared/protocol/events.ts'
import { createLineWindow, type View } from './line-window.ts'
import type { Stretch } from './page-requests.ts'

const line = (pos: number, text = `line ${pos}`): WireLine => ({
  pos,
  task: 0,
  channel: 'out',
  time: '2026-11-23T22:00:00.000Z',
  text,
})
const lines = (from: number, to: number): WireLine[] =>
  Array.from({ length: to - from }, (_, at) => line(from + at))
const small = { pageLines: 10, pagesMax: 5, charsMax: 1_000_000 }
const view = (first: number, end: number, direction: 1 | -1 = 1): View => ({
  first,
  end,
  direction,
})
const plain = (stretches: readonly Stretch[]) => stretches.map(({ from, to }) => [from, to])

function windowOf(end: number, first = 0) {
  const window = createLineWindow(small)
  window.cover(first, end)
  return window
}

describe('what the page holds', () => {
  test('gives the lines that arrived, whatever their order, and nothing for the others', () => {
    const window = windowOf(100)
    window.put(lines(25, 31))
    window.put(lines(20, 25))
    expect(window.at(25)?.text).toBe('line 25')
    expect(window.at(20)?.text).toBe('line 20')
    expect(window.at(19)).toBeUndefined()
    expect(window.at(31)).toBeUndefined()
  })

  test('is bounded: the pages farthest from the reader go first, the one in sight stays', () => {
    const window = windowOf(1_000)
    window.ask(view(500, 510), 0)
    window.put(lines(400, 600))
    expect(window.pages).toBe(5)
    for (const pos of [480, 500, 529]) expect(window.at(pos)?.pos).toBe(pos)
    expect(window.at(400)).toBeUndefined()
    expect(window.at(599)).toBeUndefined()
  })

  test('is bounded in characters too, so that long lines do not take the memory', () => {
    const window = createLineWindow({ ...small, charsMax: 10_000 })
    window.cover(0, 50)
    window.ask(view(40, 50), 0)
    for (let pos = 0; pos < 50; pos++) window.put([line(pos, 'x'.repeat(600))])
    expect(window.pages).toBe(1)
    expect(window.at(45)?.pos).toBe(45)
  })

  test('takes nothing outside of the run', () => {
    const window = windowOf(20, 5)
    window.put(lines(0, 30))
    expect([4, 5, 19, 20].map((pos) => window.at(pos)?.pos)).toEqual([undefined, 5, 19, undefined])
  })

  test('a reset drops what is given anew, and answers from before it are not taken', () => {
    const window = windowOf(100)
    const [before] = window.ask(view(30, 40), 0)
    window.put(lines(0, 30))
    window.truncate(15)
    expect([window.end, window.at(14)?.pos, window.at(15), window.at(25)]).toEqual([
      15,
      14,
      undefined,
      undefined,
    ])
    window.cover(0, 100)
    if (before !== undefined) window.take(before, lines(30, 40), 0)
    expect(window.at(30)).toBeUndefined()
    expect(plain(window.ask(view(30, 40), 0))).toEqual([[30, 40]])
  })

  test('lines that retention removed are gone, also when an answer tells of it first', () => {
    const window = windowOf(100)
    window.put(lines(0, 20))
    window.cover(15, 100)
    expect([window.at(14), window.at(15)?.pos]).toEqual([undefined, 15])
    const [asked] = window.ask(view(15, 30), 0)
    expect(asked).toMatchObject({ from: 20, to: 30 })
    const gone = windowOf(100)
    const [start] = gone.ask(view(0, 5), 0)
    if (start !== undefined) gone.take(start, lines(7, 10), 0)
    expect([gone.first, gone.at(7)?.pos]).toEqual([7, 7])
  })
})

describe('what it asks for', () => {
  test('pages in sight, aligned by position, and then one ahead in the direction of travel', () => {
    const window = windowOf(1_000)
    const asked = window.ask(view(205, 225), 0)
    expect(plain(asked)).toEqual(
      [
        [200, 210],
        [210, 220],
        [220, 230],
      ].map(([from, to]) => [from === 200 ? 205 : from, to]),
    )
    expect(window.ask(view(205, 225), 0)).toEqual([])
    for (const stretch of asked) window.take(stretch, lines(stretch.from, stretch.to), 0)
    // The rest of the first page, which is above the view.
    const [rest] = window.ask(view(205, 225), 0)
    expect(rest).toMatchObject({ from: 200, to: 205 })
    if (rest !== undefined) window.take(rest, lines(200, 205), 0)
    expect(plain(window.ask(view(205, 225, -1), 0))).toEqual([[190, 200]])
    expect(plain(window.ask(view(205, 225), 0))).toEqual([[230, 240]])
  })

  test('never more than four at once, so that a jump waits for no queue', () => {
    const window = windowOf(100_000)
    let asked = 0
    for (let jump = 0; jump < 50; jump++)
      asked += window.ask(view(jump * 500, jump * 500 + 5), 0).length
    expect(asked).toBe(4)
  })

  test('a page that came short of its lines is asked for the rest', () => {
    const window = windowOf(100)
    const [asked] = window.ask(view(50, 60), 0)
    if (asked !== undefined) window.take(asked, lines(50, 53), 0)
    expect(plain(window.ask(view(50, 60), 0))).toEqual([[53, 60]])
  })

  test('a failed page is asked again, each time later, and at once by who comes back to it', () => {
    const window = windowOf(100)
    const fail = (now: number): void => {
      const [asked] = window.ask(view(50, 60), now)
      if (asked === undefined) throw new Error(`Nothing was asked at ${now}.`)
      window.fail(asked, now)
    }
    fail(0)
    expect(window.retryAt).toBe(500)
    expect(window.ask(view(50, 60), 499).filter(({ from }) => from === 50)).toEqual([])
    fail(500)
    expect(window.retryAt).toBe(1_500)
    for (let turn = 0, now = 1_500; turn < 8; turn++, now += 10_000) fail(now)
    expect((window.retryAt ?? 0) - 71_500).toBe(10_000)
    window.ask(view(0, 10), 72_000)
    expect(plain(window.ask(view(50, 60), 72_001))).toContainEqual([50, 60])
  })

  test('an empty answer is no reason to ask in a hot loop', () => {
    const window = windowOf(100)
    const [asked] = window.ask(view(50, 60), 0)
    if (asked !== undefined) window.take(asked, [], 0)
    expect(window.ask(view(50, 60), 1).filter(({ from }) => from === 50)).toEqual([])
    expect(window.retryAt).toBe(500)
  })

  test('whatever is scrolled, grows, fails and arrives: what is in sight comes, and the bounds hold', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('look' as const),
        to: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({ kind: fc.constant('grow' as const), by: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ kind: fc.constant('answer' as const), lines: fc.integer({ min: 0, max: 10 }) }),
      fc.record({ kind: fc.constant('reset' as const), back: fc.integer({ min: 0, max: 30 }) }),
      fc.constant({ kind: 'fail' as const }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const window = windowOf(200)
        let now = 0
        let open: Stretch[] = []
        let looked = view(0, 15)
        const ask = (): void => void open.push(...window.ask(looked, now))
        for (const each of steps) {
          now += 100
          if (each.kind === 'look') {
            const first = Math.floor(each.to * Math.max(0, window.end - 15))
            looked = view(first, Math.min(window.end, first + 15), first >= looked.first ? 1 : -1)
          } else if (each.kind === 'grow') {
            const { end } = window
            window.cover(0, end + each.by)
            window.put(lines(end, end + each.by))
          } else if (each.kind === 'reset') window.truncate(Math.max(20, window.end - each.back))
          else {
            const stretch = open.shift()
            if (stretch === undefined) continue
            if (each.kind === 'fail') window.fail(stretch, now)
            else
              window.take(
                stretch,
                lines(stretch.from, Math.min(stretch.to, stretch.from + each.lines)),
                now,
              )
          }
          ask()
          expect(open.length).toBeLessThanOrEqual(80)
          expect(window.pages).toBeLessThanOrEqual(small.pagesMax)
        }
        // The server answers from now on.
        for (let turn = 0; turn < 40; turn++) {
          now += 20_000
          ask()
          for (const stretch of open) window.take(stretch, lines(stretch.from, stretch.to), now)
          open = []
        }
        for (let pos = looked.first; pos < Math.min(looked.end, window.end); pos++) {
          expect(window.at(pos)?.text).toBe(`line ${pos}`)
        }
      }),
    )
  })
})
