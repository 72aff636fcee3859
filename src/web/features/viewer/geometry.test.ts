import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Drawn,
  type Extent,
  endPlace,
  held,
  isAtEnd,
  lastInView,
  moved,
  type Place,
  placeAbove,
  placeAt,
  placeShowing,
  runwayPx,
  scrolled,
  topMax,
  topOf,
} from './geometry.ts'

const even = (lines: number, extra: Partial<Extent> = {}): Extent => ({
  first: 0,
  end: lines,
  rowPx: 20,
  viewPx: 600,
  tailPx: 0,
  heightOf: () => 20,
  ...extra,
})

describe('the runway', () => {
  test('is as high as the log, and 8,000,000 px at most', () => {
    expect(runwayPx(even(10))).toBe(200)
    expect(runwayPx(even(1_000))).toBe(20_000)
    expect(runwayPx(even(10_000_000))).toBe(8_000_000)
  })

  test('a short log is measured exactly, also when its lines are of different heights', () => {
    const extent = even(3, { heightOf: (pos) => 20 + pos * 10, tailPx: 7 })
    expect(runwayPx(extent)).toBe(20 + 30 + 40 + 7)
  })

  test('is true to the pixel in its outer million pixels at both ends of 10,000,000 lines', () => {
    const extent = even(10_000_000)
    for (const pos of [0, 1, 199, 200, 49_999])
      expect(topOf(extent, { pos, off: 3 })).toBe(pos * 20 + 3)
    for (const fromEnd of [100, 200, 201, 40_000]) {
      const pos = 10_000_000 - fromEnd
      expect(topOf(extent, { pos, off: 3 })).toBe(8_000_000 - fromEnd * 20 + 3)
    }
  })

  test('points at every part of 10,000,000 lines: its places and tops are each other’s', () => {
    const extent = even(10_000_000)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_900 }), (pos) => {
        const place = placeAt(extent, topOf(extent, { pos, off: 0 }))
        expect(Math.abs(place.pos - pos)).toBeLessThanOrEqual(1)
      }),
    )
    expect(placeAt(extent, 0)).toEqual({ pos: 0, off: 0 })
    expect(placeAt(extent, topMax(extent))).toEqual({ pos: 9_999_970, off: 0 })
  })
})

describe('the place of the reader', () => {
  test('the last line stands at the lower edge, above what is unfinished', () => {
    expect(endPlace(even(100))).toEqual({ pos: 70, off: 0 })
    expect(endPlace(even(100, { tailPx: 30 }))).toEqual({ pos: 71, off: 10 })
    expect(endPlace(even(3))).toEqual({ pos: 0, off: 0 })
    expect(endPlace(even(0))).toEqual({ pos: 0, off: 0 })
  })

  test('moves by pixels through lines of any height, and stops at both ends', () => {
    const extent = even(100, { heightOf: (pos) => (pos % 2 === 0 ? 20 : 60) })
    expect(moved(extent, { pos: 10, off: 5 }, 80)).toEqual({ pos: 12, off: 5 })
    expect(moved(extent, { pos: 12, off: 5 }, -80)).toEqual({ pos: 10, off: 5 })
    expect(moved(extent, { pos: 1, off: 0 }, -500)).toEqual({ pos: 0, off: 0 })
    expect(moved(extent, { pos: 90, off: 0 }, 5_000)).toEqual(endPlace(extent))
  })

  test('a log that is cut back under the reader shows its end', () => {
    expect(held(even(50), { pos: 400, off: 7 })).toEqual({ pos: 20, off: 0 })
    expect(held(even(0), { pos: 400, off: 7 })).toEqual({ pos: 0, off: 0 })
    expect(held(even(900, { first: 500 }), { pos: 3, off: 0 })).toEqual({ pos: 500, off: 0 })
  })

  test('a line is brought into sight by as little as needed', () => {
    const extent = even(1_000)
    const place = { pos: 100, off: 0 }
    expect(placeShowing(extent, place, 110)).toEqual(place)
    expect(placeShowing(extent, place, 129)).toEqual(place)
    expect(placeShowing(extent, place, 130)).toEqual({ pos: 101, off: 0 })
    expect(placeShowing(extent, place, 99)).toEqual({ pos: 99, off: 0 })
    expect(placeShowing(extent, { pos: 100, off: 8 }, 100)).toEqual({ pos: 100, off: 0 })
    const tall = even(1_000, { heightOf: () => 2_000 })
    expect(placeShowing(tall, { pos: 3, off: 0 }, 5)).toEqual({ pos: 5, off: 0 })
  })

  test('says which lines a view needs', () => {
    expect(lastInView(even(1_000), { pos: 100, off: 5 }, 0)).toBe(131)
    expect(lastInView(even(1_000), { pos: 100, off: 0 }, 80)).toBe(134)
    expect(lastInView(even(110), { pos: 100, off: 0 }, 80)).toBe(110)
    expect(placeAbove(even(1_000), 100, 50)).toEqual({ pos: 97, off: 10 })
  })
})

/** A native scroller as a browser has it, and the page's part around it. */
function createReader(lines: number) {
  let end = lines
  let viewPx = 600
  /** Lines that are here, with their real heights; others count as one row. */
  const real = new Map<number, number>()
  const extent = (): Extent => ({
    first: 0,
    end,
    rowPx: 20,
    viewPx,
    tailPx: 0,
    heightOf: (pos) => real.get(pos) ?? 20,
  })
  const place: Place = { pos: Math.floor(lines / 2), off: 0 }
  let drawn: Drawn = { place, top: topOf(extent(), place) }
  /** Puts `scrollTop` where it belongs, silently. */
  const settle = (): void => {
    const at = held(extent(), drawn.place)
    drawn = { place: at, top: topOf(extent(), at) }
  }
  return {
    extent,
    settle,
    get place() {
      return drawn.place
    },
    /** Pixels that the browser really scrolled. */
    scrollTo(top: number): void {
      const max = topMax(extent())
      const clamped = Math.min(Math.max(0, top), max)
      if (clamped === drawn.top) return
      drawn = scrolled(extent(), drawn, clamped)
      if (clamped <= 0 || clamped >= max) settle()
    },
    wheel(px: number): void {
      this.scrollTo(drawn.top + px)
    },
    grow(more: number): void {
      end += more
      settle()
    },
    arrive(pos: number, height: number): void {
      if (pos < end) real.set(pos, height)
      settle()
    },
    resize(px: number): void {
      viewPx = px
      settle()
    },
  }
}

type Step =
  | { readonly kind: 'wheel' | 'grow' | 'resize'; readonly by: number }
  | { readonly kind: 'thumb'; readonly to: number }
  | { readonly kind: 'arrive'; readonly ahead: number; readonly rows: number }
  | { readonly kind: 'settle' }

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('wheel' as const), by: fc.integer({ min: -1_100, max: 1_100 }) }),
    fc.record({ kind: fc.constant('grow' as const), by: fc.integer({ min: 0, max: 100_000 }) }),
    fc.record({ kind: fc.constant('resize' as const), by: fc.integer({ min: 200, max: 1_400 }) }),
    fc.record({
      kind: fc.constant('thumb' as const),
      to: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({
      kind: fc.constant('arrive' as const),
      ahead: fc.integer({ min: -300, max: 300 }),
      rows: fc.integer({ min: 1, max: 10 }),
    }),
    fc.constant({ kind: 'settle' as const }),
  ),
  { maxLength: 60 },
)
const sizes = fc.oneof(
  fc.integer({ min: 0, max: 600 }),
  fc.integer({ min: 0, max: 1_000_000 }),
  fc.constant(10_000_000),
)

type Reader = ReturnType<typeof createReader>

function apply(reader: Reader, step: Step): void {
  if (step.kind === 'wheel') reader.wheel(step.by)
  else if (step.kind === 'grow') reader.grow(step.by)
  else if (step.kind === 'resize') reader.resize(step.by)
  else if (step.kind === 'thumb') reader.scrollTo(step.to * topMax(reader.extent()))
  else if (step.kind === 'arrive') {
    reader.arrive(Math.max(0, reader.place.pos + step.ahead), step.rows * 20)
  } else reader.settle()
}

describe('whatever happens in whatever order', () => {
  test('growth, late heights, resizes and corrections of the scrollbar do not move the reader', () => {
    fc.assert(
      fc.property(sizes, steps, (lines, all) => {
        const reader = createReader(lines)
        reader.settle()
        for (const step of all) {
          const before = reader.place
          apply(reader, step)
          if (step.kind === 'wheel' || step.kind === 'thumb') continue
          // What the end of the log, or a line that turns out shorter, makes of it; nothing else.
          const kept = held(reader.extent(), before)
          expect(reader.place).toEqual(kept)
          const isForced =
            isAtEnd(reader.extent(), kept) || before.off >= reader.extent().heightOf(before.pos)
          if (!isForced) expect(kept).toEqual(before)
        }
      }),
    )
  })

  test('the wheel moves by exactly its pixels until an end, and reaches both ends', () => {
    fc.assert(
      fc.property(sizes, steps, fc.constantFrom(-300, 300, -37, 37), (lines, all, notch) => {
        const reader = createReader(lines)
        for (const step of all) apply(reader, step)
        // From where the thumb put it, close enough to reach the end in some steps.
        reader.scrollTo(
          notch < 0 ? Math.min(9_000, topMax(reader.extent())) : topMax(reader.extent()) - 9_000,
        )
        reader.settle()
        for (let turn = 0; turn < 2_000; turn++) {
          const before = reader.place
          const wanted = moved(reader.extent(), before, notch)
          reader.wheel(notch)
          // Near a corrected end the browser can cut a notch short, once; it never swallows one.
          const px = distance(reader.extent(), before, reader.place)
          expect(Math.abs(px)).toBeLessThanOrEqual(Math.abs(notch) + 1e-6)
          if (Math.abs(distance(reader.extent(), before, wanted)) < 1e-3) break
          expect(Math.abs(px)).toBeGreaterThan(0)
          if (turn % 7 === 0) reader.settle()
        }
        if (notch < 0) expect(reader.place).toEqual({ pos: 0, off: 0 })
        else expect(isAtEnd(reader.extent(), reader.place)).toBe(true)
      }),
    )
  })
})

/** Pixels from one place down to another. */
function distance(extent: Extent, from: Place, to: Place): number {
  const [upper, lower] =
    from.pos < to.pos || (from.pos === to.pos && from.off <= to.off) ? [from, to] : [to, from]
  let px = lower.off - upper.off
  for (let pos = upper.pos; pos < lower.pos; pos++) px += extent.heightOf(pos)
  return px
}
