/**
 * Lines counted by interval of time or position, as they come: the server's counts first, then line by
 * line. When the run outgrows the intervals, two become one, so that their number stays bounded. Pure.
 */
import type { Channel } from '../../../shared/channel.ts'
import type { HistogramAnswer } from '../../../shared/protocol/search.ts'

export interface TallyBar {
  readonly out: number
  readonly err: number
  readonly note: number
  /** Position of the first line in it; null when there is none. */
  readonly pos: number | null
}

export interface LineTally {
  /** Start of the first interval, and the length of each. */
  readonly from: number
  readonly width: number
  readonly bars: readonly TallyBar[]
  /** Position before which all lines are counted. */
  readonly next: number
}

export interface TalliedLine {
  readonly pos: number
  readonly channel: Channel
  /** Time or position, as the tally is of. */
  readonly value: number
}

const noLines: TallyBar = { out: 0, err: 0, note: 0, pos: null }

/** The server's counts as a tally of as many intervals as it was asked for. */
export function tallyOf({ from, to, size, buckets, next }: HistogramAnswer): LineTally {
  const bars = Array.from<TallyBar>({ length: size }).fill(noLines)
  for (const { index, pos, out, err, note } of buckets) bars[index] = { out, err, note, pos }
  return { from, width: Math.max(1, (to - from) / size), bars, next }
}

/** Counts further lines; those before `next` are counted already. `barsMax` is what is room for. */
export function withLines(
  tally: LineTally,
  lines: readonly TalliedLine[],
  barsMax: number,
): LineTally {
  const fresh = lines.filter(({ pos }) => pos >= tally.next)
  const last = fresh.at(-1)
  if (last === undefined) return tally
  const most = fresh.reduce((max, { value }) => Math.max(max, value), 0)
  let { width } = tally
  let bars = [...tally.bars]
  while ((most - tally.from) / width >= barsMax) {
    bars = inPairs(bars)
    width *= 2
  }
  for (const { value, channel, pos } of fresh) {
    const at = Math.max(0, Math.floor((value - tally.from) / width))
    while (bars.length <= at) bars.push(noLines)
    const bar = bars[at] ?? noLines
    bars[at] = { ...bar, [channel]: bar[channel] + 1, pos: bar.pos ?? pos }
  }
  return { from: tally.from, width, bars, next: last.pos + 1 }
}

function inPairs(bars: readonly TallyBar[]): TallyBar[] {
  return Array.from({ length: Math.ceil(bars.length / 2) }, (_, at) => {
    const [a = noLines, b = noLines] = bars.slice(2 * at, 2 * at + 2)
    const pos = a.pos === null || b.pos === null ? (a.pos ?? b.pos) : Math.min(a.pos, b.pos)
    return { out: a.out + b.out, err: a.err + b.err, note: a.note + b.note, pos }
  })
}

/** Lines of a bar, without notes: those are of Farglass. */
export function barLines({ out, err }: TallyBar): number {
  return out + err
}

/** The bar in which a value lies. */
export function barAt({ from, width, bars }: LineTally, value: number): number {
  return Math.max(0, Math.min(bars.length - 1, Math.floor((value - from) / width)))
}

/** The first line at or after the start of a bar; null when there is none from there on. */
export function posFrom({ bars }: LineTally, at: number): number | null {
  for (const { pos } of bars.slice(at)) if (pos !== null) return pos
  return null
}
