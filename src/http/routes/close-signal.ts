/** Aborts when the one who asked has gone, so that nobody works for him any more. */
import type { FastifyReply } from '../parts.ts'

export function closeSignal({ raw }: Pick<FastifyReply, 'raw'>): AbortSignal {
  const gone = new AbortController()
  raw.once('close', () => gone.abort())
  if (raw.destroyed) gone.abort()
  return gone.signal
}
