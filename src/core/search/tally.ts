/** Lines counted by interval, channel and level: what a histogram is drawn of. */
import type { Channel } from '../../shared/channel.ts'
import { visibleText } from '../../shared/display.ts'
import type { Level } from '../../shared/level.ts'
import { type PlacedGroup, textsOf } from '../../shared/line-group.ts'
import { levelOf } from '../../shared/line-level.ts'
import type { TextOf } from './match-lines.ts'

/** Intervals of equal length of time or positions; what lies outside counts to the nearest. */
export interface TallyAxis {
  readonly kind: 'time' | 'pos'
  readonly from: number
  readonly to: number
  readonly buckets: number
  /** Levels are counted too, which costs the reading of every text. */
  readonly withLevels: boolean
}

export interface Bucket {
  /** Number of the interval, from 0. */
  readonly index: number
  /** Position of the first line in it. */
  readonly pos: number
  readonly channels: Readonly<Record<Channel, number>>
  /** Lines that say a level; none when they were not counted. */
  readonly levels: Readonly<Partial<Record<Level, number>>>
}

/** Counts the given lines of a group into buckets, which are changed. */
export class Tally {
  readonly #axis: TallyAxis
  readonly #textOf: TextOf
  readonly #buckets = new Map<number, MutableBucket>()

  constructor(axis: TallyAxis, textOf: TextOf) {
    this.#axis = axis
    this.#textOf = textOf
  }

  add(group: PlacedGroup, lines: readonly number[]): void {
    const [first] = lines
    if (first === undefined) return
    const texts = this.#axis.withLevels ? textsOf(group, this.#textOf(group.bytes)) : []
    for (const line of lines) {
      const pos = group.pos + line
      const bucket = this.#bucketAt(this.#axis.kind === 'time' ? group.time : pos, pos)
      bucket.channels[group.channel] += 1
      const text = texts[line]
      const level = text === undefined ? undefined : levelOf(visibleText(text))?.level
      if (level !== undefined) bucket.levels[level] = (bucket.levels[level] ?? 0) + 1
    }
  }

  buckets(): readonly Bucket[] {
    return [...this.#buckets.values()]
  }

  #bucketAt(value: number, pos: number): MutableBucket {
    const { from, to, buckets } = this.#axis
    const share = (value - from) / Math.max(1, to - from)
    const index = Math.max(0, Math.min(buckets - 1, Math.floor(share * buckets)))
    let bucket = this.#buckets.get(index)
    if (bucket === undefined) {
      bucket = { index, pos, channels: { out: 0, err: 0, note: 0 }, levels: {} }
      this.#buckets.set(index, bucket)
    }
    bucket.pos = Math.min(bucket.pos, pos)
    return bucket
  }
}

interface MutableBucket {
  readonly index: number
  pos: number
  readonly channels: Record<Channel, number>
  readonly levels: Partial<Record<Level, number>>
}

/** The sum of two tallies on the same axis, in order of the intervals. */
export function addBuckets(a: readonly Bucket[], b: readonly Bucket[]): readonly Bucket[] {
  const sum = new Map(a.map((bucket) => [bucket.index, bucket]))
  for (const bucket of b) {
    const known = sum.get(bucket.index)
    sum.set(bucket.index, known === undefined ? bucket : addBucket(known, bucket))
  }
  return [...sum.values()].toSorted((one, other) => one.index - other.index)
}

function addBucket(a: Bucket, b: Bucket): Bucket {
  const levels: Partial<Record<Level, number>> = { ...a.levels }
  for (const level of ['error', 'warn', 'info', 'debug'] as const) {
    const more = b.levels[level]
    if (more !== undefined) levels[level] = (levels[level] ?? 0) + more
  }
  const channels = {
    out: a.channels.out + b.channels.out,
    err: a.channels.err + b.channels.err,
    note: a.channels.note + b.channels.note,
  }
  return { index: a.index, pos: Math.min(a.pos, b.pos), channels, levels }
}
