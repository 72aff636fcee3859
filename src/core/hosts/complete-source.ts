/** Asks a host for the paths, units or containers that go on with what was typed. */
import type { Destination } from '../../shared/destination.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { CompletionRequest, Completions } from '../../shared/protocol/completion.ts'
import { completeAnswer, completeScript } from '../remote/complete-script.ts'
import type { RemoteHost } from '../remote/remote-host.ts'
import { refuse } from './check-host.ts'
import type { HostBookParts } from './host-book.ts'

export type CompleteParts = Pick<HostBookParts, 'hosts' | 'newNonce' | 'clock'>

/** Asks nobody and starts nothing there. Rejects with why the host cannot be asked. */
export async function completeSource(
  parts: CompleteParts,
  destination: Destination,
  { request, signal }: { readonly request: CompletionRequest; readonly signal: AbortSignal },
): Promise<Completions> {
  // A path that does not begin at the root is no path of a source.
  if (request.kind === 'path' && !request.prefix.startsWith('/')) return none
  const host = await parts.hosts.connect({ destination, ask: refuse }, signal)
  try {
    const said = await ask(parts, host, { request, signal })
    return usable(said, request.prefix)
  } finally {
    await host[Symbol.asyncDispose]()
  }
}

const none: Completions = { candidates: [], isCut: false }

async function ask(
  { newNonce, clock }: CompleteParts,
  host: RemoteHost,
  { request, signal }: { readonly request: CompletionRequest; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const nonce = newNonce()
  const script = completeScript({ nonce, ...request })
  const channel = await host.open({ script, tty: false })
  const end = (): void => void channel[Symbol.asyncDispose]()
  const cancel = clock.after(limits.completionMs, end)
  signal.addEventListener('abort', end, { once: true })
  try {
    const decoder = new TextDecoder()
    let said = ''
    for await (const { channel: name, bytes } of channel.output) {
      if (name === 'out') said += decoder.decode(bytes, { stream: true })
      const answer = completeAnswer(said, nonce)
      if (answer !== null) return answer
      if (said.length > limits.completionCharsMax) break
    }
    signal.throwIfAborted()
    throw new AppError('start-failed', 'The host did not answer in time with what it has.')
  } finally {
    cancel()
    signal.removeEventListener('abort', end)
    await channel[Symbol.asyncDispose]()
  }
}

/** Hostile texts: only what could be typed on one line, and goes on with what was typed. */
function usable(said: readonly string[], prefix: string): Completions {
  const candidates = said.filter(
    (text) => text.startsWith(prefix) && !/[\p{C}\p{Z}\ufffd]/u.test(text.replaceAll(' ', '')),
  )
  return {
    candidates: candidates.slice(0, limits.completionsMax),
    isCut: said.length > limits.completionsMax,
  }
}
