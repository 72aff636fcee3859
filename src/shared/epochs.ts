/** Ownerships of a run, each with the position at which it began; and where two readings of a run part. */

/** Positions from `from` on were given by this ownership of the run, or by a later one. */
export interface EpochStart {
  readonly epoch: number
  readonly from: number
}

/** What a reader has, and the ownerships that it knew when it got that; null before it knew any run. */
export interface ReadPlace {
  readonly cursor: number
  readonly epochs: readonly EpochStart[] | null
}

/** From where on a reader must drop what it has; null when all of it stands. */
export function givenAnewFrom(
  run: { readonly epochs: readonly EpochStart[] },
  reader: ReadPlace,
): number | null {
  if (reader.epochs === null) return null
  const from = partingOf(run.epochs, reader.epochs)
  return reader.cursor > from ? from : null
}

/**
 * Position up to which both have the same lines. No number is given to two ownerships, so what lies
 * before one that both know is the same; the first that only one of them knows may have given others.
 */
function partingOf(one: readonly EpochStart[], other: readonly EpochStart[]): number {
  const known = new Set(one.map(({ epoch }) => epoch))
  const common = other.findLast(({ epoch }) => known.has(epoch))?.epoch
  return Math.min(beginAfter(one, common), beginAfter(other, common))
}

/** Where the ownership after that one began; the first of all, when there is no such one. */
function beginAfter(epochs: readonly EpochStart[], epoch: number | undefined): number {
  const at = epochs.findIndex((start) => start.epoch === epoch)
  return epochs[at + 1]?.from ?? Number.POSITIVE_INFINITY
}

/**
 * The ownerships with a new one behind them, `max` at most: of more the two oldest become one, which
 * began where the older did. So a reader that has slept through many drops too much, never too little.
 */
export function withEpoch(
  epochs: readonly EpochStart[],
  start: EpochStart,
  max: number,
): readonly EpochStart[] {
  const all = [...epochs, start]
  const [oldest, second] = all
  if (all.length <= max || oldest === undefined || second === undefined) return all
  return [{ ...second, from: oldest.from }, ...all.slice(2)]
}

/** Whether the run knows the ownership of this number: its own, one before it, or that of who created it. */
export function knowsEpoch(
  run: { readonly epoch: number; readonly epochs: readonly EpochStart[] },
  epoch: number,
): boolean {
  return epoch === run.epoch || epoch === 1 || run.epochs.some((start) => start.epoch === epoch)
}
