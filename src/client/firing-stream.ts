/** Follows what fires: connects, waits, and comes again with its cursor. */
import { AppError } from '../shared/errors.ts'
import { limits } from '../shared/limits.ts'
import type { FiringsEvent, PlacedFiring } from '../shared/protocol/alerts.ts'
import { array, asFields, parseObject, text, whole } from './event-parser.ts'
import { readEventStream } from './event-stream.ts'
import { type FiringState, type FiringsNews, takeFirings } from './firing-state.ts'
import { afterBreak, isCurable, type Patience } from './follow-state.ts'
import { wait } from './wait.ts'

export interface FiringStreamOptions {
  /** Rejects with an AppError for what is not a success. */
  readonly open: (cursor: number | null, signal: AbortSignal) => Promise<Response>
  /** Null: what fires from now on. */
  readonly from: number | null
  readonly signal: AbortSignal
  /** Another limit than `streamSilenceMs`. */
  readonly silenceMs?: number
}

/** `lost`: the connection is, and is made again after so long. */
export type FiringStreamNews = FiringsNews | { readonly kind: 'lost'; readonly retryMs: number }

/** Until the signal aborts. Rejects with the AppError of a server that will not give it, however often it is asked. */
export async function* followFirings(
  options: FiringStreamOptions,
): AsyncGenerator<FiringStreamNews> {
  const { signal } = options
  let state: FiringState = { cursor: options.from, known: [] }
  let patience: Patience = { failures: 0, retryMs: 0 }
  while (!signal.aborted) {
    let retryMs = 0
    for await (const news of connectOnce(options, state.cursor)) {
      if (news.kind === 'retry') patience = { ...patience, retryMs: news.ms }
      if (news.kind === 'refused' && !isCurable(news.error, news.status)) throw news.error
      if (news.kind === 'broken' || news.kind === 'refused') {
        const livedMs = news.kind === 'broken' ? news.livedMs : 0
        const { ms, failures } = afterBreak(patience, { livedMs, random: news.random })
        patience = { ...patience, failures }
        retryMs = ms
      }
      if (news.kind !== 'event') continue
      if (news.event.kind === 'bye') {
        retryMs = Math.min(news.event.retryMs, limits.reconnectMsMax)
        break
      }
      const taken = takeFirings(state, news.event)
      state = taken.state
      yield taken.news
    }
    if (signal.aborted) return
    yield { kind: 'lost', retryMs }
    await wait(retryMs, signal)
  }
}

type StreamedEvent = FiringsEvent | { readonly kind: 'bye'; readonly retryMs: number }

function connectOnce({ open, signal, silenceMs }: FiringStreamOptions, cursor: number | null) {
  return readEventStream<StreamedEvent>({
    open: (inner) => open(cursor, inner),
    parse,
    signal,
    ...(silenceMs === undefined ? {} : { silenceMs }),
  })
}

/** Undefined for an event of a newer server. Throws `bad-response`. */
function parse(kind: string, data: string): StreamedEvent | undefined {
  if (kind === 'bye') return { kind, retryMs: whole(parseObject(data), 'retryMs') }
  if (kind !== 'firings') return undefined
  const fields = parseObject(data)
  const [pos, next] = [whole(fields, 'pos'), whole(fields, 'next')]
  const firings = array(fields, 'firings').map(asFiring)
  if (next - pos === firings.length) return { kind, pos, next, firings }
  throw new AppError('bad-response', 'The server has sent firings with a hole between them.')
}

function asFiring(value: unknown): PlacedFiring {
  const fields = asFields(value)
  const { desktop } = fields
  return {
    pos: whole(fields, 'pos'),
    id: text(fields, 'id'),
    alert: text(fields, 'alert'),
    time: text(fields, 'time'),
    title: text(fields, 'title'),
    path: text(fields, 'path'),
    desktop: desktop === true,
  }
}
