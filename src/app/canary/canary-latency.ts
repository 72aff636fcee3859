/** How long lines were under way, from two clocks that do not agree. Pure. */

/** A line by the clock of the host when it was sent, and by ours when it was seen. Milliseconds. */
export interface Stamp {
  readonly sentMs: number
  readonly seenMs: number
}

/** The true value lies between the two. */
export interface Between {
  readonly minMs: number
  readonly maxMs: number
}

export interface Latency {
  readonly p50: Between
  readonly p99: Between
}

/**
 * What separates the clocks is not known, but it has bounds. No line was seen before it was sent:
 * so it is at most the smallest difference of all lines. And no line was sent before the run was
 * asked for: so it is at least what the first line says against that moment. Between the two lies
 * no more than the start of a command on an open connection. Null without stamps.
 */
export function latencyOf(stamps: readonly Stamp[], askedMs: number): Latency | null {
  if (stamps.length === 0) return null
  const differences = stamps.map(({ sentMs, seenMs }) => seenMs - sentMs).toSorted((a, b) => a - b)
  const most = differences[0] ?? 0
  const least = Math.min(most, askedMs - Math.min(...stamps.map(({ sentMs }) => sentMs)))
  const at = (share: number): Between => {
    const rank = Math.max(0, Math.ceil(differences.length * share) - 1)
    const difference = differences[rank] ?? 0
    return { minMs: rounded(difference - most), maxMs: rounded(difference - least) }
  }
  return { p50: at(0.5), p99: at(0.99) }
}

/** To hundredths: no clock here tells more. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100
}
