/** What the page of a run is opened with, read behind the same guard as the API would. */
import { toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { Opening } from '../../shared/protocol/opening.ts'
import { type RunId, runIdPattern } from '../../shared/run.ts'
import type { FastifyRequest, Parts } from '../parts.ts'
import { pageOf } from './read-lines.ts'
import { sessionInfo } from './session.ts'

/** Null when the address is of no run, or when the API would not let this request read one. */
export function askOpening(request: FastifyRequest, parts: Parts): Promise<Opening | null> | null {
  const id = /^\/runs\/([^/?]+)(?:\?|$)/.exec(request.url)?.[1] ?? ''
  if (request.method !== 'GET' || !runIdPattern.test(id) || !request.mayRead) return null
  return bounded(readOpening(request, parts, id), parts)
}

async function readOpening(
  { actor, log }: FastifyRequest,
  parts: Parts,
  id: RunId,
): Promise<Opening | null> {
  try {
    const run = await parts.service.get(id)
    const from = Math.max(run.first, run.next - limits.openingLinesMax)
    const ask = { from, limit: run.next - from, bytesMax: limits.openingBytesMax }
    const page = await pageOf(parts.service, id, ask)
    const opening = { session: sessionInfo(actor, parts), run, page }
    // Of a run on a thousand hosts the page asks by itself.
    return JSON.stringify(opening).length > limits.openingBytesMax ? null : opening
  } catch (thrown) {
    // The page asks again and shows what is wrong.
    if (toAppError(thrown).status >= 500) log.warn({ err: thrown }, 'a page has no opening')
    return null
  }
}

/** The page never waits long for a store that is slow. */
function bounded(opening: Promise<Opening | null>, { clock }: Parts): Promise<Opening | null> {
  return new Promise((resolve) => {
    const cancel = clock.after(limits.openingWaitMs, () => resolve(null))
    void opening.then((found) => {
      cancel()
      resolve(found)
    })
  })
}
