/** What a reader of firings knows, over any number of connections: none is given twice, and it is known how many are lost. Pure. */
import { automationLimits } from '../shared/automation-limits.ts'
import type { FiringsEvent, PlacedFiring } from '../shared/protocol/alerts.ts'

export interface FiringState {
  /** Null before the first answer: it begins with what fires from then on. */
  readonly cursor: number | null
  /** Ids of the newest: a store that has lost its last writes may give some again. */
  readonly known: readonly string[]
}

export interface FiringsNews {
  readonly kind: 'firings'
  /** Those that were not given before, oldest first; none in the first answer to a reader without a cursor. */
  readonly firings: readonly PlacedFiring[]
  /** Cursor after them. */
  readonly next: number
  /** Firings between the reader's cursor and these, which the server keeps no longer. */
  readonly missed: number
}

export function takeFirings(
  { cursor, known }: FiringState,
  { pos, next, firings }: FiringsEvent,
): { readonly state: FiringState; readonly news: FiringsNews } {
  const fresh = firings.filter(({ id }) => !known.includes(id))
  const ids = [...known, ...fresh.map(({ id }) => id)].slice(-automationLimits.firingsKept)
  const missed = Math.max(0, pos - (cursor ?? pos))
  return {
    state: { cursor: next, known: ids },
    news: { kind: 'firings', firings: fresh, next, missed },
  }
}
