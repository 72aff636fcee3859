/**
 * How long the body of a request may take: all of it together, or of a file that may be of any size the
 * pause between two of its parts. Node bounds the whole only.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Clock } from '../core/clock.ts'
import { AppError } from '../shared/errors.ts'
import { limits } from '../shared/limits.ts'

/** Cuts the connection of every body that is not there in time, whether somebody reads it or not. */
export function boundBodies(server: Server, clock: Clock): void {
  server.on('request', (request: IncomingMessage) => {
    if (hasBody(request)) bound(request, clock)
  })
}

/**
 * The parts of a file as they come, which may take as long as they like while they do. Rejects with
 * `upload-stalled` after a pause; the time that whoever reads them takes is none of the sender's.
 */
export async function* partsOfFile(
  request: IncomingMessage,
  clock: Clock,
): AsyncGenerator<Uint8Array> {
  bounds.get(request)?.()
  // Destroyed it would take the connection with it, and the answer.
  const parts: AsyncIterator<Uint8Array> = request.iterator({ destroyOnReturn: false })
  let isOver = false
  try {
    while (!isOver) {
      const { done, value } = await inTime(parts.next(), clock)
      isOver = done === true
      if (!isOver) yield value
    }
  } finally {
    if (!isOver) void throwAway(request, parts, clock)
  }
}

/** Ends the bound of a body that is under way. */
const bounds = new WeakMap<IncomingMessage, () => void>()

function bound(request: IncomingMessage, clock: Clock): void {
  // Perhaps it was us who stood still: without an answer it is asked again.
  const end = clock.after(limits.requestTimeoutMs, () => request.socket.destroy())
  bounds.set(request, end)
  for (const event of ['end', 'close']) request.once(event, end)
}

/** The rest of a file that was refused: many senders read the refusal only when they have sent all. */
async function throwAway(
  request: IncomingMessage,
  parts: AsyncIterator<Uint8Array>,
  clock: Clock,
): Promise<void> {
  bound(request, clock)
  try {
    await parts.return?.()
    request.resume()
  } catch {
    // Its sender has gone.
  }
}

async function inTime<T>(next: Promise<T>, clock: Clock): Promise<T> {
  let cancel = (): void => {}
  const stalled = new Promise<never>((_, reject) => {
    cancel = clock.after(limits.uploadPauseMsMax, () => {
      const seconds = limits.uploadPauseMsMax / 1000
      reject(new AppError('upload-stalled', `Nothing more of the file has come for ${seconds} s.`))
    })
  })
  try {
    return await Promise.race([next, stalled])
  } finally {
    cancel()
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
