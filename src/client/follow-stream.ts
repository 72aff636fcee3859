/** The shell around the follow state machine: connects, reads, waits, and gives the events on. */
import { AppError } from '../shared/errors.ts'
import { limits } from '../shared/limits.ts'
import type { Run } from '../shared/run.ts'
import type { FollowEvent, FollowFrom } from './api.ts'
import { parseStreamEvent } from './event-parser.ts'
import {
  type FollowAction,
  type FollowInput,
  type FollowState,
  follow,
  startFollowing,
} from './follow-state.ts'
import { createSseParser, type SseMessage } from './sse-parser.ts'

export interface FollowStreamOptions {
  /** Opens the stream from a cursor; rejects with an AppError for what is not a success. */
  open(cursor: number, signal: AbortSignal): Promise<Response>
  getRun(): Promise<Run>
  readonly from: FollowFrom
  readonly signal: AbortSignal
  /** Another limit than `streamSilenceMs`. */
  readonly silenceMs?: number
}

/** Every event once and in order, over any number of connections. See `FarglassApi.follow`. */
export async function* followStream(options: FollowStreamOptions): AsyncGenerator<FollowEvent> {
  let state =
    typeof options.from === 'number'
      ? startFollowing(options.from)
      : startFollowing(options.from.cursor, options.from.epoch)
  while (!options.signal.aborted) {
    const pass = yield* connectOnce(options, state)
    state = pass.state
    if (pass.next.kind === 'done' || options.signal.aborted) return
    if (pass.next.kind === 'fail') throw pass.next.error
    if (pass.next.kind === 'wait') await sleep(pass.next.ms, options.signal)
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
  const opened = performance.now()
  for await (const input of inputsOf(options, before.cursor, opened)) {
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
  opened: number,
): AsyncGenerator<FollowInput> {
  const connection = new AbortController()
  const abort = () => connection.abort()
  options.signal.addEventListener('abort', abort, { once: true })
  const watchdog = createWatchdog(abort, options.silenceMs ?? limits.streamSilenceMs)
  try {
    const response = await watchdog.during(options.open(cursor, connection.signal))
    if (response.status === 204) {
      yield { kind: 'nothing-more', run: await options.getRun() }
      return
    }
    if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
      yield { kind: 'opened' }
      yield* readEvents(response, watchdog)
    }
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code !== 'server-unreachable') {
      yield { kind: 'refused', status: thrown.status, error: thrown, random: Math.random() }
    }
  } finally {
    options.signal.removeEventListener('abort', abort)
    connection.abort()
  }
  if (options.signal.aborted) return
  yield { kind: 'broken', livedMs: performance.now() - opened, random: Math.random() }
}

async function* readEvents(response: Response, watchdog: Watchdog): AsyncGenerator<FollowInput> {
  const reader = response.body?.getReader()
  if (reader === undefined) return
  const parser = createSseParser()
  for (;;) {
    const { done, value } = await watchdog.during(reader.read())
    if (done) return
    for (const message of parser.push(value)) {
      const input = inputOf(message)
      if (input !== undefined) yield input
    }
  }
}

function inputOf(message: SseMessage): FollowInput | undefined {
  if (message.kind === 'retry') return message
  const event = parseStreamEvent(message.event, message.data)
  return event === undefined ? undefined : { kind: 'event', event }
}

interface Watchdog {
  /** Counts only while the server is waited for, never while the consumer works. */
  during<T>(wait: Promise<T>): Promise<T>
}

function createWatchdog(bark: () => void, silenceMs: number): Watchdog {
  return {
    during: async (wait) => {
      const timer = setTimeout(bark, silenceMs)
      try {
        return await wait
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
