/** Serves one viewer: its head at once, then item by item as fast as its socket takes them. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FeedItem, RunService } from '../../core/runs/run-service.ts'
import type { RunId } from '../../shared/run.ts'
import { hello, type StreamFormat } from './stream-format.ts'
import { Viewer } from './viewer.ts'
import type { Viewers } from './viewers.ts'

export interface StreamRequest {
  readonly service: RunService
  readonly viewers: Viewers
  readonly run: RunId
  readonly from: number
  readonly format: StreamFormat
  readonly session: string | null
}

/** Resolves when the stream is over, for whatever reason. Never rejects: the head is out by then. */
export async function serveStream(
  request: FastifyRequest,
  reply: FastifyReply,
  stream: StreamRequest,
): Promise<void> {
  const { viewers, run, format } = stream
  viewers.admit(run)
  const gzip = wantsGzip(request)
  reply.hijack()
  reply.raw.writeHead(200, { ...reply.getHeaders(), ...streamHeaders(gzip) } as Record<
    string,
    string
  >)
  const viewer = new Viewer(reply.raw, { gzip, stallMs: viewers.limits.viewerStallMs })
  const leave = viewers.add({ viewer, run, format, session: stream.session })
  viewer.gone.addEventListener('abort', leave, { once: true })
  viewer.write(hello)
  try {
    await feed(viewer, format, stream.service.follow(run, stream.from, viewer.gone))
    viewer.end()
  } catch (error) {
    // The reader comes again with its cursor and gets the error as a status, if it persists.
    request.log.error({ err: error }, 'a stream broke off')
    viewer.cut()
  }
}

/** The one loop of a viewer. Its cursor is its queue: while it lags, nothing is taken for it. */
async function feed(
  viewer: Viewer,
  format: StreamFormat,
  items: AsyncIterable<FeedItem>,
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
function wantsGzip(request: FastifyRequest): boolean {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepted) && !isLoopback(request.ip)
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address)
}
