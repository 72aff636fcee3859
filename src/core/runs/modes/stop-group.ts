/** Ends a source's process group through a second session, and reads the proof. */
import { toAppError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'
import type { Clock } from '../../clock.ts'
import { type Mark, MarkerParser } from '../../remote/marker-parser.ts'
import type { RemoteChannel, RemoteHost } from '../../remote/remote-host.ts'
import type { StopProof } from './run-mode.ts'

export interface GroupStop {
  /** Ends the group and prints the marks that stopScript names. */
  readonly script: string
  readonly nonce: string
  readonly graceMs: number
  readonly clock: Clock
}

/** Never rejects: a host that does not answer gives `unknown` with a sentence. */
export async function stopGroup(host: RemoteHost, stop: GroupStop): Promise<StopProof> {
  const patienceMs = stop.graceMs + limits.stopProofTimeoutMs
  const patience = new AbortController()
  const silence = stop.clock.sleep(patienceMs, patience.signal).then(
    (): StopProof => ({
      kind: 'unknown',
      why: `The host did not answer within ${Math.round(patienceMs / 1000)} s.`,
    }),
  )
  try {
    return await Promise.race([askHost(host, stop, patience.signal), silence])
  } catch (thrown) {
    return { kind: 'unknown', why: toAppError(thrown).message }
  } finally {
    patience.abort()
  }
}

async function askHost(host: RemoteHost, stop: GroupStop, given: AbortSignal): Promise<StopProof> {
  const channel = await host.open({ script: stop.script, tty: false })
  const giveUp = () => void channel[Symbol.asyncDispose]()
  if (given.aborted) giveUp()
  given.addEventListener('abort', giveUp)
  try {
    return proofOf(await readMark(channel, stop.nonce))
  } finally {
    given.removeEventListener('abort', giveUp)
    await channel[Symbol.asyncDispose]()
  }
}

async function readMark(channel: RemoteChannel, nonce: string): Promise<Mark | null> {
  const parser = new MarkerParser(nonce)
  for await (const { channel: from, bytes } of channel.output) {
    if (from !== 'out') continue
    const found = parser.push(bytes).find((piece) => piece.kind === 'mark')
    if (found?.kind === 'mark') return found.mark
  }
  return null
}

function proofOf(mark: Mark | null): StopProof {
  const [gone, killed, ...outside] = mark?.numbers ?? []
  if (mark?.word === 'gone' && gone !== undefined) {
    return { kind: 'empty', gone, killed: killed === 1, outside }
  }
  if (mark?.word === 'alive') return { kind: 'alive', pids: mark.numbers }
  return {
    kind: 'unknown',
    why: 'The session that was to end the command ended without an answer.',
  }
}
