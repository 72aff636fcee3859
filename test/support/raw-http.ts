/** HTTP requests with exactly the headers that a test names, and a reader of server-sent events. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { request as httpsRequest } from 'node:https'
import type { Readable } from 'node:stream'

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  readonly text: string
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown
}

export interface RawRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** The whole answer. */
export async function send(url: string, options: RawRequest = {}): Promise<RawAnswer> {
  const answer = await open(url, options)
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const text = body.toString()
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body,
    text,
    json: tryJson(text),
  }
}

/** The answer as soon as its head is there. */
export function open(url: string, options: RawRequest = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const own = { method, headers: { ...length, ...headers }, agent: false } as const
    // Certificates of tests are signed by nobody.
    const request = url.startsWith('https:')
      ? httpsRequest(url, { ...own, rejectUnauthorized: false })
      : httpRequest(url, own)
    request.on('response', resolve)
    request.on('error', reject)
    request.end(body)
  })
}

/** What a stream is read from, over either version of HTTP. */
export type StreamAnswer = Readable & { readonly statusCode?: number | undefined }

/** A connection of its own over HTTP/2; the answer as soon as its head is there. */
export function openHttp2(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<StreamAnswer> {
  const { origin, pathname } = new URL(url)
  return new Promise((resolve, reject) => {
    const session = connectHttp2(origin, { rejectUnauthorized: false })
    session.on('error', reject)
    const stream = session.request({ ':path': pathname, ...headers })
    stream.on('error', reject)
    stream.on('close', () => session.destroy())
    stream.on('response', (head) => {
      resolve(Object.assign(stream, { statusCode: Number(head[':status']) }))
    })
  })
}

export function postJson(url: string, body: unknown, headers: Record<string, string> = {}) {
  return send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

export interface SseEvent {
  readonly event: string
  readonly id: string | undefined
  /** Undefined for an id that comes alone. */
  readonly data: string | undefined
}

export interface SseStream {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** Events so far. */
  readonly events: readonly SseEvent[]
  /** Everything so far, comments too. */
  text(): string
  /** Resolves when the response has ended or was cut. */
  readonly over: Promise<'ended' | 'cut'>
  /** The next event for which it is true, also one that was there before. */
  event(is: (event: SseEvent) => boolean): Promise<SseEvent>
  /** Cuts the connection. */
  cut(): void
}

/** Opens a stream. The parser is the test's own: a few lines, after the HTML standard. */
export async function watch(url: string, headers: Record<string, string> = {}): Promise<SseStream> {
  const answer = await open(url, { headers })
  const events: SseEvent[] = []
  const waiting = new Set<() => void>()
  let whole = ''
  let rest = ''
  answer.setEncoding('utf8')
  answer.on('data', (chunk: string) => {
    whole += chunk
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) events.push(...parseBlock(block))
    for (const look of waiting) look()
  })
  const over = new Promise<'ended' | 'cut'>((resolve) => {
    answer.on('close', () => resolve(answer.complete ? 'ended' : 'cut'))
    answer.on('error', () => resolve('cut'))
  })
  let done = false
  void over.then(() => {
    done = true
    for (const look of waiting) look()
  })
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    events,
    text: () => whole,
    over,
    event: (is) =>
      new Promise((resolve, reject) => {
        let from = 0
        const look = () => {
          for (; from < events.length; from++) {
            const event = events[from]
            if (event === undefined || !is(event)) continue
            waiting.delete(look)
            resolve(event)
            return
          }
          if (done) reject(new Error(`The stream is over without it: ${whole.slice(-2_000)}`))
        }
        waiting.add(look)
        look()
      }),
    cut: () => answer.destroy(),
  }
}

/** The whole events in a piece of a stream that starts at an event's beginning. */
export function wholeEvents(text: string): SseEvent[] {
  return text.split('\n\n').slice(0, -1).flatMap(parseBlock)
}

function parseBlock(block: string): SseEvent[] {
  let event = 'message'
  let id: string | undefined
  const data: string[] = []
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (field === 'event') event = value
    if (field === 'id') id = value
    if (field === 'data') data.push(value)
  }
  if (data.length === 0 && id === undefined) return []
  return [{ event, id, data: data.length === 0 ? undefined : data.join('\n') }]
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
