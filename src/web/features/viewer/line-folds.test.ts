import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WireLine } from '../../../shared/protocol/events.ts'
import { type Extent, held, placeAbove, placeShowing } from './geometry.ts'
import { createLineFolds, foldLinesMax, type LineFolds } from './line-folds.ts'

interface Log {
  readonly lines: (WireLine | undefined)[]
  readonly folds: LineFolds
}

function logOf(texts: readonly (string | Partial<WireLine> | null)[], first = 0): Log {
  const lines = texts.map((text, pos) => {
    if (text === null) return undefined
    const line = { pos, task: 0, channel: 'out' as const, time: '', text: '' }
    return { ...line, ...(typeof text === 'string' ? { text } : text) }
  })
  const folds = createLineFolds({
    first,
    get end() {
      return lines.length
    },
    at: (index) => lines[index],
    posAt: (index) => index,
  })
  return { lines, folds }
}

const frame = '\tat a.B.c(B.java:1)'
const hiddenOf = ({ lines, folds }: Log): readonly number[] =>
  [...lines.keys()].filter((index) => folds.isHidden(index))

describe('folded frames', () => {
  test('stand under the message above them, and so do those of its cause; one frame alone stays', () => {
    const log = logOf([
      'x: y',
      frame,
      frame,
      'Caused by: z',
      frame,
      frame,
      '\t... 9 more',
      'q',
      frame,
    ])
    expect(hiddenOf(log)).toEqual([1, 2, 4, 5, 6])
    expect([...log.lines.keys()].map((index) => log.folds.chipOf(index))).toEqual([
      { frames: 2, isOpen: false },
      null,
      null,
      { frames: 2, isOpen: false },
      null,
      null,
      null,
      null,
      null,
    ])
  })

  test('never reach over a line of another task, another channel or a note', () => {
    for (const other of [
      { task: 1 },
      { channel: 'err' },
      { channel: 'note' },
      { file: 'b' },
    ] as const) {
      const log = logOf(['x: y', { ...other, text: frame }, frame, frame, frame])
      // The first of the others stands for them: what they are of is not known.
      expect(hiddenOf(log)).toEqual([3, 4])
    }
  })

  test('open for who goes to one of them, at once or when they come, and stay open', () => {
    const log = logOf(['x: y', null, null, null, 'q', frame, frame])
    log.folds.reveal(2)
    for (const at of [1, 2, 3])
      log.lines[at] = { pos: at, task: 0, channel: 'out', time: '', text: frame }
    expect(hiddenOf(log)).toEqual([5, 6])
    log.folds.reveal(4)
    expect(hiddenOf(log)).toEqual([5, 6])
    expect(log.folds.set(2, false)).toBe(0)
    expect(log.folds.set(4, true)).toBe(4)
    expect(hiddenOf(log)).toEqual([1, 2, 3])
    expect(log.folds.set(7, true)).toBeNull()
  })

  test('wait for the line above them, and grow with the log', () => {
    const log = logOf([null, frame, frame])
    expect(hiddenOf(log)).toEqual([])
    log.lines[0] = { pos: 0, task: 0, channel: 'out', time: '', text: 'x: y' }
    expect(hiddenOf(log)).toEqual([1, 2])
    log.lines.push({ pos: 3, task: 0, channel: 'out', time: '', text: frame })
    expect(hiddenOf(log)).toEqual([1, 2, 3])
    expect(log.folds.chipOf(0)).toEqual({ frames: 3, isOpen: false })
  })

  test('are shown when the line above them is not kept any more', () => {
    expect(hiddenOf(logOf(['x: y', frame, frame], 1))).toEqual([])
  })

  test(`are ${foldLinesMax} lines at most; a deeper stack is several folds, from whichever side one comes`, () => {
    const texts = ['x: y', ...Array.from({ length: 1_200 }, () => frame)]
    const upwards = logOf(texts)
    for (let index = texts.length; index >= 0; index--) upwards.folds.isHidden(index)
    const chips = [...upwards.lines.keys()].filter((index) => upwards.folds.chipOf(index) !== null)
    expect(chips).toEqual([0, foldLinesMax + 1, 2 * (foldLinesMax + 1)])
    expect(hiddenOf(upwards)).toEqual(hiddenOf(logOf(texts)))
  })
})

test('opening and folding never moves the line that the reader looks at, whatever is above or below it', () => {
  const text = fc.constantFrom('x: y', frame, frame, frame, 'Caused by: z')
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 60, maxLength: 300 }),
      fc.nat(),
      fc.nat(),
      (texts, top, at) => {
        const { folds, lines } = logOf(texts)
        const extent: Extent = {
          first: 0,
          end: lines.length,
          rowPx: 20,
          viewPx: 200,
          tailPx: 6,
          heightOf: (index) => (folds.isHidden(index) ? 0 : 20),
        }
        const place = held(extent, { pos: top % lines.length, off: 0 })
        // What stands at the upper edge is a line that is drawn.
        expect(folds.isHidden(place.pos)).toBe(false)
        const head = folds.set(at % lines.length, true)
        expect(held(extent, place)).toEqual(place)
        if (head === null) return
        folds.set(head, false)
        expect(held(extent, place)).toEqual(place)
        // A line that somebody goes to is drawn within the view.
        const target = at % lines.length
        folds.reveal(target)
        const shown = placeShowing(extent, place, target)
        const last = placeAbove(extent, target, extent.viewPx - 20)
        expect(shown.pos <= target && shown.pos >= last.pos).toBe(true)
        expect(folds.isHidden(target)).toBe(false)
      },
    ),
  )
})
