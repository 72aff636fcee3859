/** One connection to a stream: opens it, reads its events, and says how it ended. */
import { AppError } from '../shared/errors.ts'
import { limits } from '../shared/limits.ts'
import { createSseParser } from './sse-parser.ts'

export interface EventStreamOptions<Event> {
  /** Rejects with an AppError for what is not a success. */
  open(signal: AbortSignal): Promise<Response>
  /** Undefined for what this version does not know; throws an AppError for what is broken. */
  parse(event: string, data: string): Event | undefined
  readonly signal: AbortSignal
  /** Another limit than `streamSilenceMs`. */
  readonly silenceMs?: number
  /**
   * Whether the server answers a short request. With it a stream that stays silent while the server
   * answers is given up as held back: `refused` with `stream-held`.
   */
  readonly answers?: (signal: AbortSignal) => Promise<boolean>
}

/** What happens on one connection. The last one is `nothing-more`, `broken` or `refused`, but after an abort. */
export type StreamNews<Event> =
  | { readonly kind: 'opened' }
  | { readonly kind: 'event'; readonly event: Event; readonly chars: number }
  | { readonly kind: 'retry'; readonly ms: number }
  /** 204: there is nothing that could come any more. */
  | { readonly kind: 'nothing-more' }
  /** The connection failed, ended early or was silent for too long. */
  | { readonly kind: 'broken'; readonly livedMs: number; readonly random: number }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly error: AppError
      readonly random: number
    }

/** Reads one connection to its end. Never rejects for what a server or a network does. */
export async function* readEventStream<Event>(
  options: EventStreamOptions<Event>,
): AsyncGenerator<StreamNews<Event>> {
  const opened = performance.now()
  const connection = new AbortController()
  const abort = () => connection.abort()
  options.signal.addEventListener('abort', abort, { once: true })
  const watchdog = new Watchdog(options, connection)
  try {
    const response = await watchdog.during(options.open(connection.signal))
    if (response.status === 204) {
      yield { kind: 'nothing-more' }
      return
    }
    if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
      yield { kind: 'opened' }
      yield* readEvents(options, response, watchdog)
    }
  } catch (thrown) {
    if (!watchdog.isHeld && thrown instanceof AppError && thrown.code !== 'server-unreachable') {
      yield { kind: 'refused', status: thrown.status, error: thrown, random: Math.random() }
      return
    }
  } finally {
    options.signal.removeEventListener('abort', abort)
    connection.abort()
  }
  if (options.signal.aborted) return
  if (watchdog.isHeld) {
    const error = new AppError('stream-held', 'Something on the way holds the stream back.')
    yield { kind: 'refused', status: error.status, error, random: Math.random() }
    return
  }
  yield { kind: 'broken', livedMs: performance.now() - opened, random: Math.random() }
}

async function* readEvents<Event>(
  options: EventStreamOptions<Event>,
  response: Response,
  watchdog: Watchdog,
): AsyncGenerator<StreamNews<Event>> {
  const reader = response.body?.getReader()
  if (reader === undefined) return
  const parser = createSseParser()
  for (;;) {
    const { done, value } = await watchdog.during(reader.read())
    if (done) return
    watchdog.hasBytes = true
    for (const message of parser.push(value)) {
      if (message.kind === 'retry') {
        yield message
        continue
      }
      const event = options.parse(message.event, message.data)
      if (event !== undefined) yield { kind: 'event', event, chars: message.data.length }
    }
  }
}

/** Counts only while the server is waited for, never while the consumer works. */
class Watchdog {
  isHeld = false
  /** Something has come: from now on only the heartbeat is waited for. */
  hasBytes = false
  readonly #options: Pick<EventStreamOptions<unknown>, 'silenceMs' | 'answers'>
  readonly #connection: AbortController

  constructor(
    options: Pick<EventStreamOptions<unknown>, 'silenceMs' | 'answers'>,
    connection: AbortController,
  ) {
    this.#options = options
    this.#connection = connection
  }

  async during<T>(wait: Promise<T>): Promise<T> {
    const silenceMs = this.#options.silenceMs ?? limits.streamSilenceMs
    const silent = setTimeout(() => this.#connection.abort(), silenceMs)
    const state = { isWaiting: true }
    const late = setTimeout(
      () => void this.#look(state),
      this.hasBytes ? limits.streamLateMs : limits.streamFirstMs,
    )
    try {
      return await wait
    } finally {
      state.isWaiting = false
      clearTimeout(silent)
      clearTimeout(late)
    }
  }

  /** The server must have written something by now: when it answers, the way to here holds it back. */
  async #look(state: { readonly isWaiting: boolean }): Promise<void> {
    const { answers } = this.#options
    if (answers === undefined) return
    const hasAnswered = await answers(this.#connection.signal).catch(() => false)
    if (!hasAnswered || !state.isWaiting) return
    this.isHeld = true
    this.#connection.abort()
  }
}
