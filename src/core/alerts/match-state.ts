/** When matches become an alert: so many within so long, then silence for a while. Pure. */

export interface Threshold {
  readonly count: number
  readonly withinMs: number
  readonly cooldownMs: number
}

/** Plain data, which is stored with the run: who goes on with it decides the same. */
export interface MatchState {
  /** Times of the matches that count, oldest first; fewer than the threshold's `count`. */
  readonly times: readonly number[]
  /** Until then it is silent. */
  readonly quietUntil: number
  /** Matches during the silence. */
  readonly held: number
}

export const noMatches: MatchState = { times: [], quietUntil: 0, held: 0 }

export interface MatchStep {
  readonly state: MatchState
  /** Null: it does not fire. */
  readonly fires: { readonly count: number; readonly held: number } | null
}

/** One more match, at this time in milliseconds since 1970. */
export function addMatch(state: MatchState, threshold: Threshold, time: number): MatchStep {
  if (time < state.quietUntil) return { state: { ...state, held: state.held + 1 }, fires: null }
  const times = [...state.times.filter((each) => time - each < threshold.withinMs), time]
  if (times.length < threshold.count) return { state: { ...state, times }, fires: null }
  return {
    state: { times: [], quietUntil: time + threshold.cooldownMs, held: 0 },
    fires: { count: times.length, held: state.held },
  }
}

/** The alert has been silenced elsewhere: what fired here counts as held. */
export function heldBack(state: MatchState, quietUntil: number, matches: number): MatchState {
  return { times: [], quietUntil, held: state.held + matches }
}
