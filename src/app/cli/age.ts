/** Ages on the command line: longer than the times that a timer can hold. */

/** Milliseconds of `90m`, `12h`, `30d`, `4w`; undefined for no such age, and for zero. */
export function parseAge(text: string): number | undefined {
  const [, count, unit = ''] = /^([1-9][0-9]{0,5})([mhdw])$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * (unitMs[unit] ?? 0)
}

const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
}
