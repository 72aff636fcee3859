/** Viewers that write down every position and text that they get, over any number of broken connections. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FollowEvent } from '../../src/client/api.ts'
import { createHttpApi } from '../../src/client/http-api.ts'
import type { LinesEvent } from '../../src/shared/protocol/events.ts'
import type { RunId } from '../../src/shared/run.ts'
import type { History, SeenLine } from './history-checker.ts'
import { open, openHttp2, type StreamAnswer, wholeEvents } from './raw-http.ts'

export interface ViewerOptions {
  readonly who: string
  /** Of the server, or of a proxy in front of it. */
  readonly baseUrl: string
  readonly run: RunId
  readonly token?: string
  /** Only by Last-Event-ID. */
  readonly isHttp2?: boolean
}

export interface RecordingViewer extends AsyncDisposable {
  readonly history: History
  /** Connections that were answered. */
  readonly connections: number
  /** How often history was given anew. */
  readonly resets: number
  /** When its latest line came, by `performance.now()`. */
  readonly lastLineMs: number
  /** Resolves once it has been told that the run has ended; rejects when it was refused. */
  readonly done: Promise<void>
  /** Breaks its connection; it comes again by itself. */
  drop(): void
}

/** Follows as the page and the command line do: with our client. */
export function recordByClient(options: ViewerOptions): RecordingViewer {
  const record = new Record(options.who)
  const leaving = new AbortController()
  let connection = new AbortController()
  const watchedFetch: typeof fetch = async (url, init) => {
    connection = new AbortController()
    const own = init?.signal ? [init.signal] : []
    const signal = AbortSignal.any([connection.signal, ...own])
    const response = await fetch(url, { ...init, signal })
    record.connections += 1
    return response
  }
  const { baseUrl, token, run } = options
  const login = token === undefined ? {} : { token }
  const api = createHttpApi({ baseUrl, fetch: watchedFetch, silenceMs: 20_000, ...login })
  const done = (async () => {
    for await (const event of api.follow(run, 0, leaving.signal)) record.take(event)
    if (!leaving.signal.aborted && !record.ended) throw new Error('The stream had no end.')
  })()
  done.catch(() => {})
  return viewerOf(record, {
    done,
    drop: () => connection.abort(),
    leave: () => leaving.abort(),
  })
}

/** Follows as any other program would: with the last `id:` of a whole event, and a parser of a few lines. */
export function recordByLastEventId(options: ViewerOptions): RecordingViewer {
  const record = new Record(options.who)
  const leaving = new AbortController()
  const state = {
    answer: undefined as StreamAnswer | undefined,
    lastId: undefined as string | undefined,
  }
  const headers = (): Readonly<{ [name: string]: string }> => ({
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    ...(state.lastId === undefined ? {} : { 'last-event-id': state.lastId }),
  })
  const openStream = options.isHttp2 === true ? openHttp2 : openHttp1
  const url = `${options.baseUrl}/api/v1/runs/${options.run}/stream`
  const done = (async () => {
    while (!leaving.signal.aborted && !record.ended) {
      await sleep(100)
      const answer = await openStream(url, headers()).catch(() => undefined)
      if (answer === undefined) continue
      state.answer = answer
      record.connections += 1
      if (answer.statusCode === 204) return
      const isRefused = (answer.statusCode ?? 0) >= 400 && (answer.statusCode ?? 0) < 500
      if (isRefused) throw new Error(`${record.who} was refused with ${answer.statusCode}.`)
      if (answer.statusCode !== 200) answer.destroy()
      else state.lastId = (await readEvents(answer, record)) ?? state.lastId
    }
  })()
  done.catch(() => {})
  return viewerOf(record, {
    done,
    drop: () => state.answer?.destroy(),
    leave: () => {
      leaving.abort()
      state.answer?.destroy()
    },
  })
}

function openHttp1(
  url: string,
  headers: Readonly<{ [name: string]: string }>,
): Promise<StreamAnswer> {
  return open(url, { headers })
}

/** Takes whole events until the connection is over; gives the last id. */
async function readEvents(answer: StreamAnswer, record: Record): Promise<string | undefined> {
  answer.setEncoding('utf8')
  let lastId: string | undefined
  let rest = ''
  try {
    for await (const chunk of answer) {
      rest += String(chunk)
      const end = rest.lastIndexOf('\n\n')
      if (end < 0) continue
      for (const { event, data, id } of wholeEvents(rest.slice(0, end + 2))) {
        lastId = id ?? lastId
        if (data !== undefined) record.take({ kind: event, ...JSON.parse(data) })
      }
      rest = rest.slice(end + 2)
    }
  } catch {
    // It was cut: what was not whole never was.
  }
  return lastId
}

/** What one viewer has got so far. */
class Record {
  readonly who: string
  readonly lines: SeenLine[] = []
  connections = 0
  resets = 0
  lastLineMs = 0
  ended = false

  constructor(who: string) {
    this.who = who
  }

  take(event: FollowEvent): void {
    if (event.kind === 'lines') this.#takeLines(event)
    if (event.kind === 'end') this.ended = true
    if (event.kind !== 'reset') return
    this.resets += 1
    const first = this.lines.findIndex(({ pos }) => pos >= event.from)
    if (first >= 0) this.lines.length = first
  }

  #takeLines({ pos, groups }: LinesEvent): void {
    let at = pos
    this.lastLineMs = performance.now()
    for (const { task, channel, lines, end } of groups) {
      lines.forEach((text, index) => {
        const isLast = index === lines.length - 1
        const line = { pos: at++, task, channel, text }
        this.lines.push(isLast && end !== undefined ? { ...line, end } : line)
      })
    }
  }
}

interface ViewerActs {
  readonly done: Promise<void>
  drop(): void
  leave(): void
}

function viewerOf(record: Record, { done, drop, leave }: ViewerActs): RecordingViewer {
  return {
    history: { who: record.who, lines: record.lines },
    get connections() {
      return record.connections
    },
    get resets() {
      return record.resets
    },
    get lastLineMs() {
      return record.lastLineMs
    },
    done,
    drop,
    async [Symbol.asyncDispose]() {
      leave()
      await done.catch(() => {})
    },
  }
}
