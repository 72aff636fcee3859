/** Which lines to ask the server for: what is in sight first, then one page ahead; failed pages again, later. */
import type { View } from './line-window.ts'

/** Lines `from` to `to` (exclusive) of one page. */
export interface Stretch {
  readonly from: number
  readonly to: number
  /** Answers from before a reset are of another history. */
  readonly generation: number
}

export interface Held {
  readonly first: number
  readonly end: number
  readonly now: number
  has(pos: number): boolean
}

export interface PageRequests {
  /** Starts what may be asked for now. */
  next(view: View, held: Held): readonly Stretch[]
  /** False when the answer is of an older generation, and must not be used. */
  settle(stretch: Stretch, isAnswered: boolean, now: number): boolean
  /** What is under way is of no use any more. */
  forget(): void
  readonly retryAt: number | null
}

/** Requests at once: a jump must not wait behind those of the place before it. */
const underWayMax = 4
const retryMsMin = 500
const retryMsMax = 10_000

interface Failure {
  readonly count: number
  readonly retryAt: number
}

export function createPageRequests(pageLines: number): PageRequests {
  const underWay = new Set<number>()
  const failures = new Map<number, Failure>()
  let generation = 0

  const pageOf = (pos: number): number => Math.floor(pos / pageLines)

  /** The lines of a page that are missing, the ones in sight first. */
  function missing(index: number, view: View, held: Held): Stretch | null {
    const from = Math.max(index * pageLines, held.first)
    const to = Math.min((index + 1) * pageLines, held.end)
    const start = firstMissing(Math.max(from, Math.min(view.first, to)), to, held)
    const begin = start ?? firstMissing(from, to, held)
    if (begin === null) return null
    let last = begin
    while (last < to && !held.has(last)) last++
    return { from: begin, to: last, generation }
  }

  function mayAsk(index: number, now: number): boolean {
    if (underWay.has(index) || underWay.size >= underWayMax) return false
    return (failures.get(index)?.retryAt ?? 0) <= now
  }

  return {
    next(view, held) {
      const asked: Stretch[] = []
      const ask = (index: number): void => {
        const stretch = mayAsk(index, held.now) ? missing(index, view, held) : null
        if (stretch === null) return
        underWay.add(index)
        asked.push(stretch)
      }
      const [low, high] = [pageOf(view.first), pageOf(Math.max(view.first, view.end - 1))]
      for (let index = low; index <= high; index++) ask(index)
      // One page ahead, once nothing in sight is waited for.
      const isWaiting = asked.length > 0 || [...underWay].some((at) => at >= low && at <= high)
      if (!isWaiting) ask(view.direction > 0 ? high + 1 : low - 1)
      // Who looks elsewhere asks for its failed pages anew when it comes back.
      for (const index of failures.keys()) {
        if (index < low - 1 || index > high + 1) failures.delete(index)
      }
      return asked
    },
    settle(stretch, isAnswered, now) {
      if (stretch.generation !== generation) return false
      const index = pageOf(stretch.from)
      underWay.delete(index)
      if (isAnswered) failures.delete(index)
      else {
        const count = failures.get(index)?.count ?? 0
        const waitMs = Math.min(retryMsMax, retryMsMin * 2 ** Math.min(count, 10))
        failures.set(index, { count: count + 1, retryAt: now + waitMs })
      }
      return true
    },
    forget() {
      generation++
      underWay.clear()
      failures.clear()
    },
    get retryAt() {
      const times = [...failures.values()].map(({ retryAt }) => retryAt)
      return times.length === 0 ? null : Math.min(...times)
    },
  }
}

function firstMissing(from: number, to: number, held: Held): number | null {
  for (let pos = from; pos < to; pos++) if (!held.has(pos)) return pos
  return null
}
