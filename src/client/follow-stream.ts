/** The shell around the follow state machine: connects, reads, waits, and gives the events on. */
import { toAppError } from '../shared/errors.ts'
import type { Run } from '../shared/run.ts'
import type { FollowEvent, FollowFrom } from './api.ts'
import { parseStreamEvent } from './event-parser.ts'
import { readEventStream } from './event-stream.ts'
import {
  type FollowAction,
  type FollowInput,
  type FollowState,
  follow,
  startFollowing,
} from './follow-state.ts'
import { wait } from './wait.ts'

export interface FollowStreamOptions {
  /** Opens the stream from a cursor; rejects with an AppError for what is not a success. */
  open(cursor: number, signal: AbortSignal): Promise<Response>
  getRun(): Promise<Run>
  readonly from: FollowFrom
  readonly signal: AbortSignal
  /** Another limit than `streamSilenceMs`. */
  readonly silenceMs?: number
  /** See `EventStreamOptions`. */
  readonly answers?: (signal: AbortSignal) => Promise<boolean>
}

/** Every event once and in order, over any number of connections. See `FarglassApi.follow`. */
export async function* followStream(options: FollowStreamOptions): AsyncGenerator<FollowEvent> {
  let state =
    typeof options.from === 'number'
      ? startFollowing(options.from)
      : startFollowing(options.from.cursor, options.from.epochs)
  while (!options.signal.aborted) {
    const pass = yield* connectOnce(options, state)
    state = pass.state
    if (pass.next.kind === 'done' || options.signal.aborted) return
    if (pass.next.kind === 'fail') throw pass.next.error
    if (pass.next.kind === 'wait') await wait(pass.next.ms, options.signal)
  }
}

interface Pass {
  readonly state: FollowState
  readonly next: Exclude<FollowAction, { readonly kind: 'read' }>
}

/** One connection, from its request to its end. */
async function* connectOnce(
  options: FollowStreamOptions,
  before: FollowState,
): AsyncGenerator<FollowEvent, Pass> {
  let state = before
  for await (const input of inputsOf(options, before.cursor)) {
    const step = follow(state, input)
    state = step.state
    yield* step.deliver
    if (step.next.kind !== 'read') return { state, next: step.next }
  }
  return { state, next: { kind: 'wait', ms: 0 } }
}

/** What happens on one connection, as the state machine wants to hear it. */
async function* inputsOf(
  options: FollowStreamOptions,
  cursor: number,
): AsyncGenerator<FollowInput> {
  const { signal, silenceMs, answers } = options
  const news = readEventStream({
    open: (inner) => options.open(cursor, inner),
    parse: parseStreamEvent,
    signal,
    ...(silenceMs === undefined ? {} : { silenceMs }),
    ...(answers === undefined ? {} : { answers }),
  })
  for await (const each of news) {
    yield each.kind === 'nothing-more' ? await nothingMore(options) : each
  }
}

async function nothingMore(options: FollowStreamOptions): Promise<FollowInput> {
  try {
    return { kind: 'nothing-more', run: await options.getRun() }
  } catch (thrown) {
    const error = toAppError(thrown)
    return { kind: 'refused', status: error.status, error, random: Math.random() }
  }
}
