/** Times on the command line: `500ms`, `30s`, `10m`, `2h`, or seconds alone. */
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
/** What a timer can hold (24.8 days). */
const durationMsMax = 2 ** 31 - 1

/** Milliseconds, or undefined when it is no such time, zero, or too long. */
export function parseDuration(text: string): number | undefined {
  const match = /^([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h)?$/.exec(text)
  if (match === null) return undefined
  const ms = Math.round(Number(match[1]) * (unitMs[match[2] ?? 's'] ?? 1_000))
  return ms >= 1 && ms <= durationMsMax ? ms : undefined
}
