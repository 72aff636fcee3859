/** Reads a range of a run for a search, share by share, in one direction or the other, one share ahead. */
import { limits } from '../../shared/limits.ts'
import { type PlacedGroup, splitGroup } from '../../shared/line-group.ts'
import type { RunId } from '../../shared/run.ts'
import type { LogStore } from '../store/log-store.ts'

export interface ShareRange {
  readonly run: RunId
  readonly from: number
  readonly to: number
  readonly order: 'forward' | 'backward'
}

/** Groups that follow each other, of the positions from `from` to before `to`. */
export interface Share {
  readonly from: number
  readonly to: number
  readonly groups: readonly PlacedGroup[]
}

/** Ends early where the log does. While one share is used the next one is read. */
export async function* readShares(
  log: Pick<LogStore, 'read'>,
  range: ShareRange,
): AsyncGenerator<Share> {
  const shares = range.order === 'forward' ? forward(log, range) : backward(log, range)
  let next = shares.next()
  try {
    for (;;) {
      const item = await next
      if (item.done === true) return
      next = shares.next()
      // Nobody may be there any more to hear that it failed.
      next.catch(() => {})
      yield item.value
    }
  } finally {
    // What is still being read is not waited for.
    shares.return(undefined).catch(() => {})
  }
}

async function* forward(
  log: Pick<LogStore, 'read'>,
  { run, from, to }: ShareRange,
): AsyncGenerator<Share> {
  for (let at = from; at < to; ) {
    const groups = cutAt(await log.read(run, at, limits.searchReadBytesMax), to)
    const end = endOf(groups)
    if (end === undefined) return
    yield { from: at, to: end, groups }
    at = end
  }
}

/** A log is read forward only: steps back are made so short that one read reaches over them. */
async function* backward(
  log: Pick<LogStore, 'read'>,
  { run, from, to }: ShareRange,
): AsyncGenerator<Share> {
  let step = 1_000
  for (let end = to; end > from; ) {
    const start = Math.max(from, end - step)
    const groups = cutAt(await log.read(run, start, limits.searchReadBytesMax), end)
    const reached = endOf(groups)
    if (reached === undefined) return
    if (reached < end) {
      step = Math.max(1, Math.floor(((reached - start) * 3) / 4))
      // One read from so far back never reaches the end again.
      if (end - start > step) continue
    }
    yield { from: start, to: end, groups }
    const bytes = groups.reduce((sum, group) => sum + group.bytes.length, 0)
    if (bytes < limits.searchReadBytesMax / 4) step = Math.min(limits.searchStepLinesMax, step * 2)
    end = start
  }
}

/** The position after the groups. */
function endOf(groups: readonly PlacedGroup[]): number | undefined {
  const last = groups.at(-1)
  return last === undefined ? undefined : last.pos + last.count
}

/** The groups without what is at or after a position. */
function cutAt(groups: readonly PlacedGroup[], to: number): readonly PlacedGroup[] {
  return groups.flatMap((group) => {
    if (group.pos >= to) return []
    return group.pos + group.count > to ? [splitGroup(group, to - group.pos)[0]] : [group]
  })
}
