/** What is kept of runs and for how long, and what is said of lines that are kept no longer. */
import { limits } from './limits.ts'

/** Null in each place: no such bound. */
export interface RetentionPolicy extends RunBounds {
  /** The oldest go while the output of all that are kept is more than this, in bytes as hosts sent them. */
  readonly bytesMax: number | null
  /** The run itself goes this long after its end, from the list too. */
  readonly rowAgeMs: number | null
  /** Other bounds for the runs of a saved command, in the place of those for all runs. */
  readonly saved: readonly SavedBounds[]
}

export interface SavedBounds extends RunBounds {
  /** Of the saved command. */
  readonly name: string
}

export interface RunBounds {
  /** Lines of a run go this long after its end. */
  readonly ageMs: number | null
  /** The oldest go while more runs than this have their lines. */
  readonly runsMax: number | null
}

export const keepsAll: RetentionPolicy = {
  ageMs: null,
  bytesMax: null,
  runsMax: null,
  rowAgeMs: null,
  saved: [],
}

/** Whether everything is kept for good. */
export function removesNothing({ saved, bytesMax, rowAgeMs, ...all }: RetentionPolicy): boolean {
  const bounds = [all, ...saved].flatMap(({ ageMs, runsMax }) => [ageMs, runsMax])
  return [bytesMax, rowAgeMs, ...bounds].every((bound) => bound === null)
}

/** What bounds the lines of one run that is not pinned. */
export interface KeptBounds extends RunBounds {
  readonly bytesMax: number | null
}

/** An age that nothing reaches, in milliseconds. Null would leave lines to the age of rows. */
export const forGoodMs = 3_000_000_000_000_000

/** For a run of this saved command, or of none. Without an age of their own lines go with the row of their run. */
export function keptBounds(saved: string | null, policy: RetentionPolicy): KeptBounds {
  const { ageMs, runsMax } = policy.saved.find(({ name }) => name === saved) ?? policy
  const lastMs = ageMs ?? policy.rowAgeMs
  return {
    ageMs: lastMs !== null && lastMs >= forGoodMs ? null : lastMs,
    runsMax,
    bytesMax: policy.bytesMax,
  }
}

/** What is wrong with a policy, as a sentence; undefined when nothing is. */
export function policyComplaint(policy: RetentionPolicy): string | undefined {
  for (const { name, ageMs, runsMax } of [{ ...policy, name: '' }, ...policy.saved]) {
    const whose = name === '' ? '' : ` of ${name}`
    if (!isBound(ageMs, limits.retentionAgeMsMin))
      return `The age${whose} must be a minute or more.`
    if (!isBound(runsMax, 1)) return `The number of runs${whose} must be 1 or more.`
  }
  const { ageMs, bytesMax, rowAgeMs, saved } = policy
  if (!isBound(bytesMax, 1)) return 'The size must be 1 byte or more.'
  if (!isBound(rowAgeMs, limits.retentionAgeMsMin))
    return 'The age of rows must be a minute or more.'
  if (new Set(saved.map(({ name }) => name)).size < saved.length) {
    return 'A saved command has two rules.'
  }
  const longest = Math.max(ageMs ?? 0, ...saved.map((each) => each.ageMs ?? 0))
  if (rowAgeMs !== null && rowAgeMs < longest) {
    return 'A row cannot go before the lines of its run: give it an age that is as long or longer.'
  }
  return undefined
}

function isBound(value: number | null, least: number): boolean {
  return value === null || (Number.isSafeInteger(value) && value >= least)
}

/** What a policy would remove now, of what there is. */
export interface RetentionPreview {
  /** Runs whose lines would go. */
  readonly lines: RunSum
  /** Runs that would go from the list too. */
  readonly rows: RunSum
  /** Runs that keep their lines, without those that are pinned. */
  readonly kept: RunSum
  readonly pinned: RunSum
}

export interface RunSum {
  readonly runs: number
  /** Of their output, as hosts sent it. */
  readonly bytes: number
}

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

/** The row of Farglass in the place of the lines. */
export function removalNote(removal: Removal): string {
  const count = removal.lines === 1 ? '1 line' : `${removal.lines.toLocaleString('en')} lines`
  return `retention: ${count} removed (${removalReason(removal)})`
}

function removalReason({ rule, limit }: Pick<Removal, 'rule' | 'limit'>): string {
  switch (rule) {
    case 'age':
      return `older than ${ageText(limit)}`
    case 'size':
      return `all runs together are over ${sizeText(limit)}`
    case 'runs':
      return `not among the newest ${limit.toLocaleString('en')}`
  }
}

/** "30 days", "12 hours": in the largest unit that divides it. */
export function ageText(ms: number): string {
  const [count, unit] = inLargestUnit(ms, ages)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** "10 GB", "1.5 GB"; a kilobyte has 1,024 bytes. */
export function sizeText(bytes: number): string {
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
