/** Follows a run by the one stream of this browser: joins its worker, and checks what comes from it. */
import type { FarglassApi, FollowEvent } from '../../../client/api.ts'
import { type FollowState, follow, startFollowing } from '../../../client/follow-state.ts'
import { wait } from '../../../client/wait.ts'
import type { ReadPlace } from '../../../shared/epochs.ts'
import { AppError } from '../../../shared/errors.ts'
import type { LinesPage } from '../../../shared/protocol/events.ts'
import type { RunId } from '../../../shared/run.ts'
import type { HubMessage } from './hub-messages.ts'
import { HubPort } from './hub-port.ts'

export interface FollowSharedOptions {
  readonly api: Pick<FarglassApi, 'get' | 'lines'>
  readonly id: RunId
  readonly from: ReadPlace
  readonly signal: AbortSignal
  /** What others are told of who sits here. */
  readonly name: string
  /** The worker cannot be started here. */
  onUnavailable(): void
}

export type SharedEvent = FollowEvent | { readonly kind: 'page'; readonly page: LinesPage }

const pageLines = 1_000

/** As `FarglassApi.follow`. A tab that lags gets what it lacks as pages. */
export async function* followShared(options: FollowSharedOptions): AsyncGenerator<SharedEvent> {
  const { from, signal } = options
  let state = startFollowing(from.cursor, from.epochs)
  while (!signal.aborted) {
    const pass = yield* joinOnce(options, state)
    state = pass.state
    switch (pass.next.kind) {
      case 'done':
        return
      case 'wait':
        await wait(pass.next.ms, signal)
        break
      case 'behind':
        state = yield* readUp(options, state, pass.next.until)
    }
  }
}

interface Pass {
  readonly state: FollowState
  readonly next:
    | { readonly kind: 'done' }
    | { readonly kind: 'wait'; readonly ms: number }
    | { readonly kind: 'behind'; readonly until: number }
}

/** Reads with the others until the worker lets go, or something has to be asked for again. */
async function* joinOnce(
  options: FollowSharedOptions,
  before: FollowState,
): AsyncGenerator<SharedEvent, Pass> {
  let state = before
  await using port = await HubPort.open(options, before)
  for await (const message of port.messages()) {
    if (message.kind === 'behind') {
      return { state, next: { kind: 'behind', until: message.next } }
    }
    if (message.kind !== 'event') {
      yield await connectionEvent(options, message)
      continue
    }
    const step = follow(state, { kind: 'event', event: message.event })
    state = step.state
    yield* step.deliver
    port.taken(message.chars)
    if (step.next.kind === 'fail') throw step.next.error
    if (step.next.kind !== 'read') return { state, next: step.next }
  }
  if (port.isUnavailable) options.onUnavailable()
  return { state, next: { kind: 'done' } }
}

async function connectionEvent(
  { api, id }: FollowSharedOptions,
  message: Exclude<HubMessage, { kind: 'event' } | { kind: 'behind' }>,
): Promise<FollowEvent> {
  if (message.kind === 'live') return { kind: 'connection', state: 'live' }
  if (message.kind === 'lost') {
    return { kind: 'connection', state: 'lost', retryMs: message.retryMs }
  }
  // The page hears itself that it is signed out, not only its worker.
  if (message.code === 'unauthorized') await api.get(id)
  throw new AppError(message.code, message.message, { hint: message.hint })
}

/**
 * Lines that the stream does not give again for this tab alone: those before the end of the run as it
 * is told first, so that it is known of which ownership they are.
 */
async function* readUp(
  { api, id, signal }: FollowSharedOptions,
  before: FollowState,
  until: number,
): AsyncGenerator<SharedEvent, FollowState> {
  const run = await api.get(id)
  const { state, deliver, next } = follow(before, { kind: 'event', event: { kind: 'run', run } })
  yield* deliver
  // It was given anew: the stream is asked for what it has now.
  if (next.kind !== 'read') return state
  const end = Math.min(until, run.next)
  let { cursor } = state
  while (cursor < end && !signal.aborted) {
    const page = await api.lines(id, cursor, Math.min(pageLines, end - cursor))
    if (page.next <= cursor) break
    yield { kind: 'page', page }
    cursor = page.next
  }
  return { ...state, cursor }
}
