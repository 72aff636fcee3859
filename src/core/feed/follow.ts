/** History and live as one sequence: read after the cursor; nothing there, wait for the bell; repeat. */
import { AppError } from '../../shared/errors.ts'
import { givenAnewFrom, type Run } from '../../shared/run.ts'
import type { FeedItem, Frame } from '../runs/run-service.ts'
import type { CatchUp } from './catch-up.ts'
import type { RunFeed } from './run-feed.ts'

export interface FollowRequest {
  readonly feed: RunFeed
  readonly catchUp: CatchUp
  readonly from: number
  /** In which the reader got what it has, when it comes from another feed. */
  readonly epoch?: number
  readonly signal: AbortSignal
}

/**
 * `run` first, then every line from the cursor on, once and in order, then changes of state while
 * it stands at the end of the log, and `end` last. Returns early when the signal aborts, or when the
 * feed is detached: then another one goes on at the cursor. There is no hand-over from history to live, so nothing can be lost or doubled at it.
 */
export async function* follow(request: FollowRequest): AsyncGenerator<FeedItem, void, undefined> {
  const { feed, signal } = request
  const leave = feed.join()
  const wake = () => feed.bell.ring()
  signal.addEventListener('abort', wake, { once: true })
  try {
    const opened = feed.run
    let seen = feed.changed
    let fresh = true
    yield { kind: 'run', run: opened }
    let epoch = request.epoch ?? opened.epoch
    let cursor = Math.max(request.from, opened.first)
    // A reader may have had lines from the store before their writer heard that they are there.
    const end = cursor > feed.stored ? await request.catchUp.end(opened.id) : cursor
    if (cursor > end) {
      cursor = end
      yield { kind: 'reset', epoch: opened.epoch, from: cursor }
    }
    while (!signal.aborted && !feed.isDetached) {
      const { rings } = feed.bell
      const anew = givenAnewFrom(feed.run, { epoch, cursor })
      epoch = feed.run.epoch
      if (anew !== null) {
        cursor = anew
        yield { kind: 'reset', epoch, from: anew }
      }
      cursor = yield* give(feed.run, await framesAt(request, cursor), cursor)
      if (cursor < feed.run.next) continue
      const changes = feed.changesAfter(seen, fresh)
      seen = changes.number
      fresh = false
      yield* changes.items
      if (changes.items.length > 0 || cursor < feed.run.next) continue
      if (feed.run.state === 'ended') {
        yield { kind: 'end', next: cursor, run: feed.run }
        return
      }
      await feed.bell.after(rings)
    }
  } finally {
    signal.removeEventListener('abort', wake)
    leave()
  }
}

/** Lines that the reader waited for may have been removed: then it hears where the run begins now. Gives its new cursor. */
function* give(run: Run, frames: readonly Frame[], from: number): Generator<FeedItem, number> {
  let cursor = from
  for (const frame of frames) {
    if (frame.pos > cursor) yield { kind: 'run', run: { ...run, first: frame.pos } }
    yield frame
    cursor = frame.next
  }
  return cursor
}

/** From memory when the cursor stands in the tail, else from the store; none at the end of the log. */
async function framesAt(request: FollowRequest, cursor: number): Promise<readonly Frame[]> {
  const { feed, catchUp } = request
  const hot = feed.tail.at(cursor)
  if (hot !== undefined) return [hot]
  if (cursor >= feed.run.next) return []
  const frames = await catchUp.read(feed.run, cursor)
  if (frames.length === 0) {
    throw new AppError('store-failed', `The log of run ${feed.run.id} has no line at ${cursor}.`)
  }
  return frames
}
