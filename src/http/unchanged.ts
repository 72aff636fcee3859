/** What is asked for again and again is sent only when it has changed: by `ETag` and `If-None-Match`. */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from './parts.ts'

/** Hook `onSend` of a route whose readers ask again. The reader keeps what it got; caches still keep nothing. */
export async function skipUnchanged(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return payload
  const etag = `"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`
  reply.header('etag', etag)
  if (request.headers['if-none-match'] !== etag) return payload
  reply.code(304).removeHeader('content-type')
  return ''
}
