/** What is due of a schedule. Pure. */
import { automationLimits } from '../../shared/automation-limits.ts'
import type { CronPattern } from './cron-times.ts'

export interface DueAsk {
  /** Times up to this one are settled. */
  readonly settled: number
  readonly now: number
  readonly missed: 'skip' | 'run-once'
}

export interface Due {
  /** The time to start for; null: none. */
  readonly start: number | null
  /** Times that passed unseen and are not made up for: the newest, and how many (or more). */
  readonly missed: { readonly newest: number; readonly count: number } | null
  /** Up to here all is settled then. */
  readonly settled: number
}

/** Of times that have piled up at most one is started for. */
export function dueTimes(pattern: CronPattern, { settled, now, missed }: DueAsk): Due {
  const newest = pattern.last(settled, now)
  if (newest === null) return { start: null, missed: null, settled }
  const before = pattern
    .after(settled, automationLimits.scheduleMissedMax)
    .filter((time) => time < newest)
  const isLate = now - newest > automationLimits.scheduleLateMs
  const startsLate = missed === 'run-once' || !isLate
  if (!startsLate) {
    return { start: null, missed: { newest, count: before.length + 1 }, settled: newest }
  }
  const last = before.at(-1)
  return {
    start: newest,
    missed: last === undefined ? null : { newest: last, count: before.length },
    settled: newest,
  }
}
