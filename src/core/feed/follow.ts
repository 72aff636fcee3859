/** History and live as one sequence: read after the cursor; nothing there, wait for the bell; repeat. */
import { type EpochStart, givenAnewFrom, type ReadPlace } from '../../shared/epochs.ts'
import { AppError } from '../../shared/errors.ts'
import type { Run } from '../../shared/run.ts'
import type { FeedItem, Frame } from '../runs/run-service.ts'
import type { CatchUp } from './catch-up.ts'
import { frameTo } from './frames.ts'
import type { RunFeed } from './run-feed.ts'

export interface FollowRequest {
  readonly feed: RunFeed
  readonly catchUp: CatchUp
  readonly from: number
  /** That the reader knew when it got what it has from another feed. */
  readonly epochs?: readonly EpochStart[]
  readonly signal: AbortSignal
  /** Farglass itself reads along: nobody is told that it watches. */
  readonly isSilent?: boolean
}

/**
 * `run` first, then every line from the cursor on, once and in order, then changes of state while
 * it stands at the end of the log, and `end` last. Returns early when the signal aborts, or when the
 * feed is detached: then another one goes on at the cursor. There is no hand-over from history to live, so nothing can be lost or doubled at it.
 */
export async function* follow(request: FollowRequest): AsyncGenerator<FeedItem, void, undefined> {
  const { feed, signal } = request
  const leave = feed.join(request.isSilent !== true)
  const wake = () => feed.bell.ring()
  signal.addEventListener('abort', wake, { once: true })
  try {
    let { run } = feed
    let seen = feed.changed
    let fresh = true
    let cursor = yield* tell(run, { cursor: request.from, epochs: request.epochs ?? null })
    cursor = Math.max(cursor, run.first)
    // A reader may have had lines from the store before their writer heard that they are there.
    const end = cursor > feed.stored ? await request.catchUp.end(run.id) : cursor
    if (cursor > end) {
      cursor = end
      yield resetOf(run, cursor)
    }
    while (!signal.aborted && !feed.isDetached) {
      const { rings } = feed.bell
      const { epoch, epochs } = run
      run = feed.run
      // Told before any line of a new ownership comes, so that it is known which lines are whose.
      if (run.epoch !== epoch) cursor = yield* tell(run, { cursor, epochs })
      cursor = yield* give(run, await framesAt(request, run, cursor), cursor)
      if (cursor < feed.run.next || feed.run.epoch !== run.epoch) continue
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

/** The run as it is now, after word of what the reader has to drop of it. Gives its new cursor. */
function* tell(run: Run, reader: ReadPlace): Generator<FeedItem, number> {
  const anew = givenAnewFrom(run, reader)
  if (anew !== null) yield resetOf(run, anew)
  yield { kind: 'run', run }
  return anew ?? reader.cursor
}

function resetOf({ epoch, epochs }: Run, from: number): FeedItem {
  return { kind: 'reset', epoch, from, epochs }
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

/**
 * From memory when the cursor stands in the tail, else from the store; none at the end of the log.
 * What is stored behind the end of the run may be of an ownership that its feed has not heard of.
 */
async function framesAt(
  { feed, catchUp }: FollowRequest,
  run: Run,
  cursor: number,
): Promise<readonly Frame[]> {
  const hot = feed.tail.at(cursor)
  if (hot !== undefined) return [hot]
  if (cursor >= run.next) return []
  const frames = await catchUp.read(run, cursor)
  const [first] = frames
  if (first === undefined) {
    throw new AppError('store-failed', `The log of run ${run.id} has no line at ${cursor}.`)
  }
  // All before it was removed meanwhile.
  if (first.pos >= run.next) return frames
  return frames
    .filter(({ pos }) => pos < run.next)
    .map((frame) => (frame.next > run.next ? frameTo(frame, run.next) : frame))
}
