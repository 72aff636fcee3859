/** Durations as people read them, `3 min 5 s`, and as they write them, `10m`. */

/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h 14 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 59.5) return `${Math.round(seconds)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
/** What a timer can hold (24.8 days). */
const durationMsMax = 2 ** 31 - 1

/** Milliseconds of `500ms`, `30s`, `10m`, `2h`, or seconds alone; undefined for no such time, zero, or one too long. */
export function parseDuration(text: string): number | undefined {
  const match = /^([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h)?$/.exec(text)
  if (match === null) return undefined
  const ms = Math.round(Number(match[1]) * (unitMs[match[2] ?? 's'] ?? 1_000))
  return ms >= 1 && ms <= durationMsMax ? ms : undefined
}

/** As it is written shortest: `90s`, `10m`. */
export function printDuration(ms: number): string {
  for (const [unit, size] of Object.entries(unitMs).toReversed()) {
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`
  }
  return `${ms}ms`
}
