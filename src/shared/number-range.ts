/** Numbers of hosts as they stand in brackets: `3`, `1-5`, `001-010/2`, several joined by commas. */
import { targetFault } from './target-fault.ts'

/** From `first` to `last` by `step`; all have `width` digits, 0 for as many as each needs. */
export interface NumberRange {
  readonly first: number
  readonly last: number
  readonly step: number
  readonly width: number
}

/** Numbers beyond this length are no counts, and are not exact. */
export const digitsMax = 15

/** What stands between the brackets; `at` is where it begins in the target. Throws `bad-target`. */
export function parseRanges(text: string, at: number): readonly NumberRange[] {
  const ranges: NumberRange[] = []
  let place = at
  for (const item of text.split(',')) {
    ranges.push(parseRange(item.trim(), place + item.length - item.trimStart().length))
    place += item.length + 1
  }
  return ranges
}

/** How many numbers it has. */
export function sizeOf({ first, last, step }: NumberRange): number {
  return Math.floor((last - first) / step) + 1
}

/** Each number as it is written. */
export function* numbersOf({ first, last, step, width }: NumberRange): Generator<string> {
  for (let value = first; value <= last; value += step) yield String(value).padStart(width, '0')
}

/** Rising numbers with the same zeros in front, joined to ranges: `1-3,5`, `08-11`. */
export function foldNumbers(digits: readonly string[]): string {
  const ranges: { from: string; to: string; last: number }[] = []
  for (const text of digits) {
    const value = Number(text)
    const open = ranges.at(-1)
    if (open !== undefined && open.last + 1 === value) {
      open.to = text
      open.last = value
    } else ranges.push({ from: text, to: text, last: value })
  }
  return ranges.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join(',')
}

function parseRange(text: string, at: number): NumberRange {
  const [, from = '', second = '', steps = '1'] =
    /^([0-9]+)(?:\s*-\s*([0-9]+))?(?:\/([0-9]+))?$/.exec(text) ?? []
  const to = second === '' ? from : second
  const range = { first: Number(from), last: Number(to), step: Number(steps), width: 0 }
  const found = from === '' ? formComplaint(text) : rangeComplaint(range, [from, second, steps])
  if (found !== undefined) throw targetFault(at, found, rangeHint)
  if (!isPadded(from) && !isPadded(to)) return range
  if (from.length === to.length) return { ...range, width: from.length }
  const why = `"${text}" has zeros in front, so both numbers need as many digits`
  throw targetFault(at, why, rangeHint)
}

const rangeHint = 'Write numbers as [1-3], [01-10/2] or [1,4-6].'

function rangeComplaint(
  { first, last, step }: NumberRange,
  digits: readonly string[],
): string | undefined {
  const tooLong = digits.find(({ length }) => length > digitsMax)
  if (tooLong !== undefined) return `"${tooLong.slice(0, 40)}" has more than ${digitsMax} digits`
  if (first > last) return `"${first}-${last}" runs backwards: write the smaller number first`
  if (step < 1) return `the step of "${first}-${last}" must be 1 or more`
  if (step > 1 && digits[1] === '') return `"${first}" is one number, so it has no step`
  return undefined
}

/** Whether the number is written with zeros in front. */
export function isPadded(digits: string): boolean {
  return digits.length > 1 && digits.startsWith('0')
}

function formComplaint(text: string): string {
  if (text === '') return 'a number is missing in the brackets'
  return `"${text.slice(0, 40)}" is not a range of numbers`
}
