/** When to try to reach a host again: a pure state machine with back-off and jitter. */
import type { AppError, ErrorCode } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'

/** The way to one host. Times are of the steady clock, in milliseconds. */
export interface Reconnect {
  /** Tries since the connection was last good for a while. */
  readonly tries: number
  /** Since when there is no connection; null while there is one. */
  readonly lostAt: number | null
  /** When it was last made. */
  readonly madeAt: number | null
}

export const notConnected: Reconnect = { tries: 0, lostAt: null, madeAt: null }

/** The connection is there. */
export function connected(state: Reconnect, now: number): Reconnect {
  return { ...state, lostAt: null, madeAt: now }
}

/** It was cut, or a try has failed. A connection that breaks at once does not begin anew at the shortest wait. */
export function disconnected(state: Reconnect, now: number): Reconnect {
  const wasGood = state.madeAt !== null && now - state.madeAt >= goodAfterMs
  return {
    tries: wasGood ? 1 : state.tries + 1,
    lostAt: state.lostAt ?? now,
    madeAt: null,
  }
}

/** How long to wait before the next try; `random` from 0 to 1 spreads those that were cut together. */
export function retryDelayMs({ tries }: Reconnect, random: number): number {
  const longest = Math.min(limits.hostRetryMsMax, limits.hostRetryMsMin * 2 ** (tries - 1))
  return longest * (0.5 + random / 2)
}

/**
 * What a failed try means for a command that goes on on the host: `retry` the network may come
 * back; `refused` a person must put the login right, meanwhile it is tried on; `give-up` trying on
 * would be wrong or is not wanted.
 */
export function afterFailure({ code }: AppError): 'retry' | 'refused' | 'give-up' {
  if (hopeless.includes(code)) return 'give-up'
  return refusals.includes(code) ? 'refused' : 'retry'
}

const goodAfterMs = 5_000

const hopeless: readonly ErrorCode[] = [
  'host-key-changed',
  'host-key-revoked',
  'bad-target',
  'store-failed',
  'internal',
]

const refusals: readonly ErrorCode[] = [
  'key-refused',
  'password-refused',
  'login-cancelled',
  'login-timeout',
  'host-key-unknown',
]
