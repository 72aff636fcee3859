/** Where a stream begins: `Last-Event-ID` of a reader that comes again, else `from`, else 0. */
import type { IncomingHttpHeaders } from 'node:http'
import { AppError } from '../../shared/errors.ts'
import { cursorSchema } from '../../shared/protocol/requests.ts'
import type { Run } from '../../shared/run.ts'

export interface StreamCursor {
  readonly from: number
  /** The reader names its place by itself: it may have everything already. */
  readonly resumes: boolean
}

/** Throws `bad-cursor`. */
export function streamCursor(headers: IncomingHttpHeaders, from: number): StreamCursor {
  const last = headers['last-event-id']
  if (last === undefined || last === '') return { from, resumes: from > 0 }
  const parsed = cursorSchema.safeParse(last)
  if (parsed.success) return { from: parsed.data, resumes: true }
  throw new AppError('bad-cursor', 'The header "Last-Event-ID" is not a whole number from 0 up.')
}

/** Nothing can come any more: 204 keeps an EventSource from coming again and again. */
export function isFinal(run: Run, cursor: StreamCursor): boolean {
  return cursor.resumes && run.state === 'ended' && cursor.from === run.next
}
