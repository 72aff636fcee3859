/**
 * Which matching line stands where: the stretches of a run that were looked through, upwards and
 * downwards from where the reader was, and how many lines match in each. So lines have indexes that
 * never change, while what is above is still being counted. No I/O.
 */

/** Positions `from` to before `to`, of which `count` match. */
export interface MatchSpan {
  readonly from: number
  readonly to: number
  readonly count: number
  /** When its lines arrived, about: ISO 8601. */
  readonly time: string
}

export interface PlacedSpan extends MatchSpan {
  /** Index of its first match. */
  readonly index: number
}

export interface MatchIndex {
  /** What was looked through. */
  readonly from: number
  readonly to: number
  /** Indexes of the matches in it. */
  readonly first: number
  readonly end: number
  /** Ends where what was looked through begins. */
  addAbove(span: MatchSpan): void
  /** Begins where what was looked through ends. */
  addBelow(span: MatchSpan): void
  spanOfIndex(index: number): PlacedSpan | null
  spanOfPos(pos: number): PlacedSpan | null
  /** In order of their positions. */
  readonly spans: readonly PlacedSpan[]
}

/** There is room for every line of any run above. */
const anchorIndex = 2 ** 50

/** Lines that come one by one are no spans of their own: those of a span are passed over when one is fetched. */
const mergedLinesMax = 4_096

export function createMatchIndex(anchor: number): MatchIndex {
  /** From the anchor outwards. */
  const above: PlacedSpan[] = []
  const below: PlacedSpan[] = []

  const from = (): number => above.at(-1)?.from ?? anchor
  const to = (): number => below.at(-1)?.to ?? anchor
  const first = (): number => above.at(-1)?.index ?? anchorIndex
  const end = (): number => {
    const last = below.at(-1)
    return last === undefined ? anchorIndex : last.index + last.count
  }

  return {
    get from() {
      return from()
    },
    get to() {
      return to()
    },
    get first() {
      return first()
    },
    get end() {
      return end()
    },
    addAbove(span) {
      if (span.to !== from() || span.from >= span.to) return
      above.push(placed(span, first() - span.count))
    },
    addBelow(span) {
      if (span.from !== to() || span.from >= span.to) return
      const last = below.at(-1)
      if (last !== undefined && span.to - last.from <= mergedLinesMax) {
        below[below.length - 1] = { ...last, to: span.to, count: last.count + span.count }
      } else below.push(placed(span, end()))
    },
    get spans() {
      return [...above.toReversed(), ...below]
    },
    spanOfIndex(index) {
      if (index < first() || index >= end()) return null
      if (index >= anchorIndex)
        return below[lastWhere(below, (span) => span.index <= index)] ?? null
      // Farther up the indexes are smaller.
      return above[lastWhere(above, (span) => span.index + span.count > index)] ?? null
    },
    spanOfPos(pos) {
      if (pos < from() || pos >= to()) return null
      const [lowest] = below
      if (lowest !== undefined && pos >= lowest.from) {
        return below[lastWhere(below, (span) => span.from <= pos)] ?? null
      }
      return above[lastWhere(above, (span) => span.to > pos)] ?? null
    },
  }
}

/** Without the lines that came with it: those are held elsewhere, and not for ever. */
function placed({ from, to, count, time }: MatchSpan, index: number): PlacedSpan {
  return { from, to, count, time, index }
}

/** Number of the last one for which it is true, where it is true for the first ones only; -1 for none. */
function lastWhere<T>(items: readonly T[], isTrue: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item !== undefined && isTrue(item)) low = middle + 1
    else high = middle
  }
  return low - 1
}
