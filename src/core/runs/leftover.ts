/** Ends on its host what a session that broke may have left there: a dead network tells the host nothing. */
import { AppError, toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { Clock } from '../clock.ts'
import { afterFailure, disconnected, notConnected, retryDelayMs } from '../remote/reconnect.ts'
import type { RemoteHost } from '../remote/remote-host.ts'
import type { EndLeftover } from './modes/run-mode.ts'

export interface LeftoverParts {
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  /** Rejects when nobody can be asked: what is left is no reason to disturb a person. */
  readonly connect: (signal: AbortSignal) => Promise<RemoteHost>
}

/**
 * Tries to reach the host until it has answered, for `leftoverMs` at the longest. Resolves in any
 * case, also when the signal aborts; never rejects.
 */
export async function endLeftover(
  end: EndLeftover,
  { clock, random, connect }: LeftoverParts,
  signal: AbortSignal,
): Promise<void> {
  const latest = clock.elapsed() + limits.leftoverMs
  let way = notConnected
  while (!signal.aborted && clock.elapsed() < latest) {
    const failure = await tryToEnd(end, connect, signal)
    if (failure === null || afterFailure(failure) === 'give-up') return
    way = disconnected(way, clock.elapsed())
    await clock.sleep(retryDelayMs(way, random()), signal)
  }
}

/** Null once the host has answered. */
async function tryToEnd(
  end: EndLeftover,
  connect: LeftoverParts['connect'],
  signal: AbortSignal,
): Promise<AppError | null> {
  try {
    await using host = await connect(signal)
    const proof = await end(host)
    return proof.kind === 'unknown' ? new AppError('connection-lost', proof.why) : null
  } catch (thrown) {
    return toAppError(thrown)
  }
}
