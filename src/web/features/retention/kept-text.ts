/** How long the lines of a run are kept, and why they are gone, in words. */
import type { Removal, RetentionPolicy } from '../../../shared/retention.ts'
import type { Run } from '../../../shared/run.ts'
import { formatBytes, fullTime } from '../../i18n/format.ts'
import { retentionText } from '../../i18n/retention-text.ts'

export const dayMs: number = 86_400_000

type Kept = Pick<Run, 'removed' | 'pinned' | 'endedAt' | 'saved'>

/** Null while that is not known, or before its end. */
export function keptText(run: Kept, policy: RetentionPolicy | null, locale: string): string | null {
  const r = retentionText.value
  if (run.removed !== null) return removedText(run.removed, locale)
  if (run.pinned) return r.pinned
  if (policy === null || run.endedAt === null) return null
  const rule = policy.saved.find(({ name }) => name === run.saved?.name) ?? policy
  if (rule.ageMs !== null) {
    const until = new Date(Date.parse(run.endedAt) + rule.ageMs).toISOString()
    return r.keptUntil(fullTime(until, locale))
  }
  return rule.runsMax === null && policy.bytesMax === null ? r.keptForGood : null
}

function removedText({ rule, limit, at }: Removal, locale: string): string {
  const r = retentionText.value
  const why = {
    age: () => r.olderThan(daysOf(limit)),
    size: () => r.overSize(formatBytes(limit)),
    runs: () => r.overRuns(limit),
  }
  return r.removedWhy(why[rule](), fullTime(at, locale))
}

/** Whole days, or with what is left of one. */
export function daysOf(ms: number): string {
  return String(Number((ms / dayMs).toFixed(2)))
}
