/**
 * Lines counted by interval of time or position, as they come: the server's counts first, then line by
 * line. When the run outgrows the intervals, two become one, so that their number stays bounded. Pure.
 */
import type { Channel } from '../../../shared/channel.ts'
import { type Level, levels } from '../../../shared/level.ts'
import type { HistogramAnswer } from '../../../shared/protocol/search.ts'

export interface TallyBar {
  readonly out: number
  readonly err: number
  readonly note: number
  /** Lines that say a level; none where those are not counted. */
  readonly levels: Readonly<Partial<Record<Level, number>>>
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
  /** Null when it says none, or when levels are not counted. */
  readonly level: Level | null
}

/** A bar in which there is nothing. */
export const noLines: TallyBar = { out: 0, err: 0, note: 0, levels: {}, pos: null }

/** The server's counts as a tally of as many intervals as it was asked for. */
export function tallyOf({ from, to, size, buckets, next }: HistogramAnswer): LineTally {
  const bars = Array.from<TallyBar>({ length: size }).fill(noLines)
  for (const { index, ...bar } of buckets) bars[index] = bar
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
  for (const { value, channel, level, pos } of fresh) {
    const at = Math.max(0, Math.floor((value - tally.from) / width))
    while (bars.length <= at) bars.push(noLines)
    const bar = bars[at] ?? noLines
    const counted = level === null ? bar.levels : plus(bar.levels, { [level]: 1 })
    bars[at] = { ...bar, [channel]: bar[channel] + 1, levels: counted, pos: bar.pos ?? pos }
  }
  return { from: tally.from, width, bars, next: last.pos + 1 }
}

/** The sum of two tallies of the same intervals, of which the second is of later lines. */
export function joined(one: LineTally, later: LineTally): LineTally {
  const bars = one.bars.map((bar, at) => sumOf(bar, later.bars[at] ?? noLines))
  return { ...one, bars, next: later.next }
}

function inPairs(bars: readonly TallyBar[]): TallyBar[] {
  return Array.from({ length: Math.ceil(bars.length / 2) }, (_, at) =>
    sumOf(bars[2 * at] ?? noLines, bars[2 * at + 1] ?? noLines),
  )
}

function sumOf(a: TallyBar, b: TallyBar): TallyBar {
  const pos = a.pos === null || b.pos === null ? (a.pos ?? b.pos) : Math.min(a.pos, b.pos)
  return {
    out: a.out + b.out,
    err: a.err + b.err,
    note: a.note + b.note,
    levels: plus(a.levels, b.levels),
    pos,
  }
}

function plus(a: TallyBar['levels'], b: TallyBar['levels']): TallyBar['levels'] {
  const sum = { ...a }
  for (const level of levels) {
    const more = b[level]
    if (more !== undefined) sum[level] = (sum[level] ?? 0) + more
  }
  return sum
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
