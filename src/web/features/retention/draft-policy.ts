/** The policy as it stands in the fields: texts, of which an empty one is no bound. Pure. */
import type { RetentionPolicy, SavedBounds } from '../../../shared/retention.ts'
import { dayMs } from './kept-text.ts'

export interface DraftPolicy {
  readonly days: string
  readonly runs: string
  readonly gigabytes: string
  readonly rowDays: string
  readonly saved: readonly DraftRule[]
}

export interface DraftRule {
  readonly name: string
  readonly days: string
  readonly runs: string
}

export function draftOf(policy: RetentionPolicy): DraftPolicy {
  const { ageMs, runsMax, bytesMax, rowAgeMs, saved } = policy
  return {
    days: textOf(ageMs, daysOf),
    runs: textOf(runsMax, String),
    gigabytes: textOf(bytesMax, (bytes) => String(Number((bytes / gigabyte).toFixed(3)))),
    rowDays: textOf(rowAgeMs, daysOf),
    saved: saved.map((rule) => ({
      name: rule.name,
      days: textOf(rule.ageMs, daysOf),
      runs: textOf(rule.runsMax, String),
    })),
  }
}

/** What the server is asked for; a number that is none it refuses by itself. */
export function policyOf({ days, runs, gigabytes, rowDays, saved }: DraftPolicy): RetentionPolicy {
  return {
    ageMs: boundOf(days, dayMs),
    runsMax: boundOf(runs, 1),
    bytesMax: boundOf(gigabytes, gigabyte),
    rowAgeMs: boundOf(rowDays, dayMs),
    saved: saved.map(
      (rule): SavedBounds => ({
        name: rule.name,
        ageMs: boundOf(rule.days, dayMs),
        runsMax: boundOf(rule.runs, 1),
      }),
    ),
  }
}

const gigabyte = 1024 ** 3

function textOf(bound: number | null, say: (bound: number) => string): string {
  return bound === null ? '' : say(bound)
}

function boundOf(text: string, unit: number): number | null {
  return text.trim() === '' ? null : Math.round(Number(text) * unit)
}

/** Whole days, or with what is left of one. */
function daysOf(ms: number): string {
  return String(Number((ms / dayMs).toFixed(2)))
}
