/** Serves one viewer: its head at once, then item by item as fast as its socket takes them. */
import { setMaxListeners } from 'node:events'
import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FeedItem } from '../../core/runs/run-service.ts'
import type { RunId } from '../../shared/run.ts'
import { pageFormat } from './page-format.ts'
import { hello, type StreamFormat } from './stream-format.ts'
import { Viewer } from './viewer.ts'
import type { Viewers } from './viewers.ts'

export interface StreamRequest<Item = FeedItem> {
  readonly service: ItemSource<Item>
  readonly viewers: Viewers
  /** One of them, but for the stream of several runs. */
  readonly runs: readonly WatchedRun<Item>[]
  readonly session: string | null
  /** Tells the others of a run what this viewer calls themselves, until the returned function is called. */
  readonly name?: (run: RunId) => () => void
}

/** Where the items of a run come from: its lines, in most streams. */
export interface ItemSource<Item> {
  follow(id: RunId, from: number, signal: AbortSignal): AsyncIterable<Item>
}

export interface WatchedRun<Item = FeedItem> {
  readonly id: RunId
  readonly from: number
  readonly format: StreamFormat<Item>
}

/** Resolves when the stream is over, for whatever reason. Rejects only before the head is out. */
export async function serveStream<Item>(
  request: FastifyRequest,
  reply: FastifyReply,
  stream: StreamRequest<Item>,
): Promise<void> {
  const { viewers, service } = stream
  const runs = stream.runs.map(({ id }) => id)
  for (const run of runs) viewers.admit(run)
  const viewer = openViewer(request, reply, viewers.limits.viewerStallMs)
  // Each run listens whether the viewer is gone, and the stream itself: more would be a leak.
  setMaxListeners(runs.length + 1, viewer.gone)
  const format = stream.runs[0]?.format ?? pageFormat
  const unregister = viewers.add({ viewer, runs, format, session: stream.session })
  const forget = runs.map((run) => stream.name?.(run))
  const leave = (): void => {
    unregister()
    for (const end of forget) end?.()
  }
  if (viewer.gone.aborted) leave()
  else viewer.gone.addEventListener('abort', leave, { once: true })
  viewer.write(hello)
  try {
    await Promise.all(
      stream.runs.map((run) =>
        feed(viewer, run.format, service.follow(run.id, run.from, viewer.gone)),
      ),
    )
    viewer.end()
  } catch (error) {
    // The reader comes again with its cursor and gets the error as a status, if it persists.
    request.log.error({ err: error }, 'a stream broke off')
    viewer.cut('failed')
  }
}

/** Sends the head at once; from here on the reply is no longer Fastify's. */
function openViewer(request: FastifyRequest, reply: FastifyReply, stallMs: number): Viewer {
  const gzip = takesGzip(String(request.headers['accept-encoding'] ?? ''), request.ip)
  reply.headers(streamHeaders(gzip))
  reply.hijack()
  reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders)
  return new Viewer(reply.raw, { gzip, stallMs })
}

/** The one loop of a viewer. Its cursor is its queue: while it lags, nothing is taken for it. */
async function feed<Item>(
  viewer: Viewer,
  format: StreamFormat<Item>,
  items: AsyncIterable<Item>,
): Promise<void> {
  for await (const item of items) {
    const block = format.encode(item)
    if (block === null) continue
    viewer.write(block)
    if (viewer.lagging) await viewer.drained()
    if (viewer.gone.aborted) return
  }
}

function streamHeaders(gzip: boolean): Record<string, string> {
  return {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-store, no-transform',
    // nginx would hold small events back for seconds.
    'x-accel-buffering': 'no',
    vary: 'accept-encoding',
    ...(gzip ? { 'content-encoding': 'gzip' } : {}),
  }
}

/** Over loopback the bytes cost less than unpacking them. */
export function takesGzip(accepted: string, address: string): boolean {
  const isLoopback = address === '::1' || /^(?:::ffff:)?127\./.test(address)
  return !isLoopback && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(accepted)
}
