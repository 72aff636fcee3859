/** The newest firings of all alerts, in one order with dense positions: what readers with a cursor are told from. Pure. */
import { automationLimits } from '../../shared/automation-limits.ts'
import type { FiringsEvent, PlacedFiring } from '../../shared/protocol/alerts.ts'

export interface FiringLog {
  /** Position of the next one. */
  readonly next: number
  /** Oldest first; their positions end at `next`. */
  readonly firings: readonly PlacedFiring[]
}

export const noFirings: FiringLog = { next: 0, firings: [] }

/** The log with one more; the same log when it is there already, as after a crash between two writes. */
export function withFiring(log: FiringLog, firing: Omit<PlacedFiring, 'pos'>): FiringLog {
  if (log.firings.some(({ id }) => id === firing.id)) return log
  const firings = [...log.firings, { ...firing, pos: log.next }]
  return { next: log.next + 1, firings: firings.slice(-automationLimits.firingsKept) }
}

/**
 * What a reader is told next whose cursor this is: null before it has one, and then nothing of before.
 * A cursor after the end is of a log that was lost: it is told all that is there.
 */
export function firingsAfter(
  { next, firings }: FiringLog,
  cursor: number | null,
): Omit<FiringsEvent, 'kind'> {
  const first = firings[0]?.pos ?? next
  const wanted = cursor ?? next
  const pos = wanted > next ? first : Math.max(first, wanted)
  return { pos, next, firings: firings.filter((firing) => firing.pos >= pos) }
}
