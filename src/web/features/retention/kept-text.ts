/** How long the lines of a run are kept, and why they are gone, in words. */
import { keptBounds, type Removal, type RetentionPolicy } from '../../../shared/retention.ts'
import type { Run } from '../../../shared/run.ts'
import { formatBytes, fullTime } from '../../i18n/format.ts'
import { retentionText } from '../../i18n/retention-text.ts'

export const dayMs: number = 86_400_000
const hourMs = 3_600_000
const minuteMs = 60_000

type Kept = Pick<Run, 'removed' | 'pinned' | 'endedAt' | 'saved'>

/** All that bounds them; null while that is not known. */
export function keptText(run: Kept, rules: RetentionPolicy | null, locale: string): string | null {
  const r = retentionText.value
  if (run.removed !== null) return removedText(run.removed, locale)
  if (run.pinned) return r.pinned
  if (rules === null) return null
  const { ageMs, runsMax, bytesMax } = keptBounds(run.saved?.name ?? null, rules)
  const bounds = [
    ...(ageMs === null ? [] : [ageSentence(run, ageMs, locale)]),
    ...(runsMax === null ? [] : [r.keptNewest(runsMax)]),
    ...(bytesMax === null ? [] : [r.keptWithin(formatBytes(bytesMax))]),
  ]
  return bounds.length === 0 ? r.keptForGood : bounds.join(' · ')
}

/** The first of it in two or three words; null while that is not known. */
export function keptWord(run: Kept, rules: RetentionPolicy | null): string | null {
  const r = retentionText.value
  if (run.removed !== null) return r.words.removed
  if (run.pinned) return r.words.pinned
  if (rules === null) return null
  const { ageMs, runsMax, bytesMax } = keptBounds(run.saved?.name ?? null, rules)
  if (ageMs !== null) {
    const age = ageText(ageMs)
    return runsMax === null && bytesMax === null ? r.words.kept(age) : r.words.keptUpTo(age)
  }
  if (runsMax !== null) return r.words.newest(runsMax)
  return bytesMax === null ? r.words.forGood : r.words.keptUpTo(formatBytes(bytesMax))
}

function ageSentence({ endedAt }: Kept, ageMs: number, locale: string): string {
  const r = retentionText.value
  if (endedAt === null) return r.keptAfterEnd(ageText(ageMs))
  return r.keptUntil(fullTime(new Date(Date.parse(endedAt) + ageMs).toISOString(), locale))
}

function removedText({ rule, limit, at }: Removal, locale: string): string {
  const r = retentionText.value
  const why = {
    age: () => r.olderThan(ageText(limit)),
    size: () => r.overSize(formatBytes(limit)),
    runs: () => r.overRuns(limit),
  }
  return r.removedWhy(why[rule](), fullTime(at, locale))
}

/** A day is a day only from two on: `24 h` says more exactly when. */
function ageText(ms: number): string {
  const { ages } = retentionText.value
  if (ms >= 2 * dayMs) return ages.days(Number((ms / dayMs).toFixed(2)))
  if (ms >= hourMs) return ages.hours(Number((ms / hourMs).toFixed(1)))
  return ages.minutes(Number((ms / minuteMs).toFixed(1)))
}
