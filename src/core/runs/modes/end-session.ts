/** Ends a session that follows something, with proof: its outputs end when nothing of it is left. */
import { limits } from '../../../shared/limits.ts'
import type { Clock } from '../../clock.ts'
import type { RemoteChannel } from '../../remote/remote-host.ts'
import type { StopProof } from './run-mode.ts'

/** When both outputs of a session have ended, as its reader tells. */
export class SessionEnd {
  #over: () => void = () => {}
  readonly reached: Promise<void> = new Promise((resolve) => {
    this.#over = resolve
  })

  over(): void {
    this.#over()
  }
}

/** The group on the host ends with its stdin. */
export async function endSession(
  channel: RemoteChannel,
  end: SessionEnd,
  clock: Clock,
): Promise<StopProof> {
  const patience = new AbortController()
  const silence = clock
    .sleep(limits.stopProofTimeoutMs, patience.signal)
    .then((): StopProof => ({ kind: 'unknown', why: 'The host did not answer.' }))
  const proven = end.reached.then((): StopProof => ({ kind: 'empty', gone: 1, killed: false }))
  channel.end()
  const proof = await Promise.race([proven, silence])
  patience.abort()
  if (proof.kind === 'unknown') await channel[Symbol.asyncDispose]()
  return proof
}
