/** A name that may stand for several: with ranges in brackets, and with `*` and `?`. */
import { type NumberRange, numbersOf, parseRanges, sizeOf } from './number-range.ts'

/** Texts and, between them, the ranges that stand in brackets. */
export interface HostPattern {
  readonly parts: readonly (string | readonly NumberRange[])[]
  /** So many names it stands for when its ranges are written out; doubled ones count twice. */
  readonly count: number
  /** `*` stands for any characters, `?` for one. */
  readonly isGlob: boolean
}

/** `at` is where the text begins in the target. Throws `bad-target`. */
export function parsePattern(text: string, at: number): HostPattern {
  const parts: (string | readonly NumberRange[])[] = []
  let count = 1
  let rest = 0
  for (const { index, 1: inside = '' } of text.matchAll(/\[([^[\]]*)\]/g)) {
    // An address: its brackets are part of the name.
    if (inside.includes(':')) continue
    parts.push(text.slice(rest, index))
    rest = index + inside.length + 2
    const ranges = parseRanges(inside, at + index + 1)
    count *= ranges.reduce((sum, range) => sum + sizeOf(range), 0)
    parts.push(ranges)
  }
  parts.push(text.slice(rest))
  const isGlob = parts.some((part) => typeof part === 'string' && /[*?]/.test(part))
  return { parts, count, isGlob }
}

/** All its names, with `*` and `?` as they are. */
export function* namesOf({ parts }: Pick<HostPattern, 'parts'>): Generator<string> {
  const [first, ...others] = parts
  if (first === undefined) {
    yield ''
    return
  }
  const heads = typeof first === 'string' ? [first] : numbers(first)
  for (const head of heads) for (const tail of namesOf({ parts: others })) yield head + tail
}

function* numbers(ranges: readonly NumberRange[]): Generator<string> {
  for (const range of ranges) yield* numbersOf(range)
}

/** Whether the text is what `*` and `?` leave open. Takes steps of at most both lengths multiplied. */
export function matchesGlob(text: string, glob: string): boolean {
  let at = 0
  let place = 0
  /** The last star, and how much of the text it has taken. */
  let star = -1
  let taken = 0
  while (at < text.length) {
    const wanted = glob[place]
    if (wanted === '*') {
      star = place++
      taken = at
    } else if (wanted === '?' || wanted === text[at]) {
      at++
      place++
    } else if (star >= 0) {
      place = star + 1
      at = ++taken
    } else return false
  }
  return /^\**$/.test(glob.slice(place))
}
