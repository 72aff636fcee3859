/** What is kept of runs and for how long, and what is said of lines that are kept no longer. */

export const retentionRules = ['age', 'size', 'runs'] as const

/** What was removed of a run, by which rule. */
export interface Removal {
  readonly at: string
  /** Lines before this position. */
  readonly before: number
  /** How many of the source. */
  readonly lines: number
  readonly rule: (typeof retentionRules)[number]
  /** The bound of the rule: milliseconds, bytes or runs. */
  readonly limit: number
}

/** "lines removed by retention (older than 30 days) at 2026-01-31T12:00:00.000Z". */
export function removalSentence(removal: Removal): string {
  return `lines removed by retention (${removalReason(removal)}) at ${removal.at}`
}

function removalReason({ rule, limit }: Pick<Removal, 'rule' | 'limit'>): string {
  switch (rule) {
    case 'age':
      return `older than ${ageText(limit)}`
    case 'size':
      return `all runs together are over ${sizeText(limit)}`
    case 'runs':
      return `there are more than ${limit.toLocaleString('en')} runs`
  }
}

/** "30 days", "12 hours": in the largest unit that divides it. */
function ageText(ms: number): string {
  const [count, unit] = inLargestUnit(ms, ages)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** "10 GB", "1.5 GB"; a kilobyte has 1,024 bytes. */
function sizeText(bytes: number): string {
  const [unit, size] = sizes.find(([, least]) => bytes >= least) ?? ['B', 1]
  return `${Number((bytes / size).toFixed(1))} ${unit}`
}

const ages: readonly (readonly [string, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

const sizes: readonly (readonly [string, number])[] = [
  ['TB', 1024 ** 4],
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['KB', 1024],
]

function inLargestUnit(value: number, units: typeof ages): readonly [number, string] {
  const [unit, size] = units.find(([, each]) => value >= each && value % each === 0) ?? ['ms', 1]
  return [value / size, unit]
}
