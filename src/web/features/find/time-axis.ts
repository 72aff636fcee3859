/** Intervals of a histogram that people can read, and the times below it. Pure functions. */

/** Milliseconds. */
const widths: readonly number[] = [
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12, 24, 48, 168].map((hours) => hours * 3_600_000),
]

/** The shortest interval of which `barsMax` are enough. */
export function widthFor(spanMs: number, barsMax: number): number {
  const fits = widths.find((width) => spanMs / width <= barsMax)
  return fits ?? Math.ceil(spanMs / barsMax)
}

export interface TimeTick {
  readonly ms: number
  /** Its place on the axis, from 0 to 1. */
  readonly share: number
}

/** At most `ticksMax` round times of the clock, `offsetMs` ahead of UTC. */
export function ticksOf(
  { from, to }: { readonly from: number; readonly to: number },
  ticksMax: number,
  offsetMs: number,
): readonly TimeTick[] {
  const step = widthFor(to - from, Math.max(1, ticksMax))
  const first = Math.ceil((from + offsetMs) / step) * step - offsetMs
  const count = Math.max(0, Math.floor((to - first) / step) + 1)
  return Array.from({ length: count }, (_, at) => {
    const ms = first + at * step
    return { ms, share: (ms - from) / Math.max(1, to - from) }
  })
}
