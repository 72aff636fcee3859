/** Serves one viewer: its head at once, then item by item as fast as its socket takes them. */
import { setMaxListeners } from 'node:events'
import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FeedItem, RunService } from '../../core/runs/run-service.ts'
import type { RunId } from '../../shared/run.ts'
import { pageFormat } from './page-format.ts'
import { hello, type StreamFormat } from './stream-format.ts'
import { Viewer } from './viewer.ts'
import type { Viewers } from './viewers.ts'

export interface StreamRequest<Item = FeedItem> {
  readonly viewers: Viewers
  /** One of them, but for the stream of several runs. */
  readonly feeds: readonly StreamFeed<Item>[]
  readonly session: string | null
  /** Tells the others of a run what this viewer calls themselves, until the returned function is called. */
  readonly name?: (run: RunId) => () => void
}

/** What is sent on a stream, until the reader is gone or nothing more can come. */
export interface StreamFeed<Item = FeedItem> {
  /** The run that it is of; null for what is of none. */
  readonly run: RunId | null
  readonly format: StreamFormat<Item>
  readonly items: (gone: AbortSignal) => AsyncIterable<Item>
}

/** The lines of a run from a position on, and what becomes of it. */
export function feedOfRun(
  service: Pick<RunService, 'follow'>,
  { id, from, format }: WatchedRun,
): StreamFeed {
  return { run: id, format, items: (gone) => service.follow(id, from, gone) }
}

interface WatchedRun {
  readonly id: RunId
  readonly from: number
  readonly format: StreamFormat
}

/** Resolves when the stream is over, for whatever reason. Rejects only before the head is out. */
export async function serveStream<Item>(
  request: FastifyRequest,
  reply: FastifyReply,
  stream: StreamRequest<Item>,
): Promise<void> {
  const { viewers, feeds } = stream
  const runs = feeds.flatMap(({ run }) => (run === null ? [] : [run]))
  viewers.admit(runs)
  const viewer = openViewer(request, reply, viewers.limits.viewerStallMs)
  // Each feed listens whether the viewer is gone, and the stream itself: more would be a leak.
  setMaxListeners(feeds.length + 1, viewer.gone)
  const format = feeds[0]?.format ?? pageFormat
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
      feeds.map(({ format: own, items }) => serveItems(viewer, own, items(viewer.gone))),
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
async function serveItems<Item>(
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
