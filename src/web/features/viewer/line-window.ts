/**
 * The lines of a run that the page holds: pages aligned by position, around the reader, bounded in
 * number and in characters. It also says which lines to ask the server for next. No I/O.
 */
import type { WireLine } from '../../../shared/protocol/events.ts'
import { createLinePages } from './line-pages.ts'
import { createPageRequests, type Stretch } from './page-requests.ts'

export interface LineWindow {
  /** First position that the run still holds, and the next one that it will give. */
  readonly first: number
  readonly end: number
  readonly pages: number
  at(pos: number): WireLine | undefined
  /** The run now reaches from `first` to `end`; lines before `first` are dropped. */
  cover(first: number, end: number): void
  /** Takes lines that arrived, in whatever order; those outside of the run are left out. */
  put(lines: readonly WireLine[]): void
  /** Takes lines that stand from `index` on, for a window in which a line's place is not its position. */
  putFrom(index: number, lines: readonly WireLine[]): void
  /** What was from `pos` on is given anew: drops it, and what is still asked for. */
  truncate(pos: number): void
  /** What to ask the server for now, for a reader at these lines. Each is answered by `take` or `fail`. */
  ask(view: View, now: number): readonly Stretch[]
  take(stretch: Stretch, lines: readonly WireLine[], now: number): void
  /** The same for lines that stand from the start of the stretch on, whatever their positions. */
  takeFrom(stretch: Stretch, lines: readonly WireLine[], now: number): void
  fail(stretch: Stretch, now: number): void
  /** When a page that failed may be asked for again; null when none waits. */
  readonly retryAt: number | null
}

/** Lines that somebody looks at, and where they are going. */
export interface View {
  readonly first: number
  readonly end: number
  readonly direction: 1 | -1
}

export interface WindowBounds {
  readonly pageLines: number
  readonly pagesMax: number
  readonly charsMax: number
}

/** About 20 MB of common lines: what a phone can spare. Long ones are bounded by their characters. */
const windowBounds: WindowBounds = { pageLines: 500, pagesMax: 200, charsMax: 16_000_000 }

export function createLineWindow(bounds: WindowBounds = windowBounds): LineWindow {
  const { pageLines } = bounds
  const pages = createLinePages(bounds)
  const requests = createPageRequests(pageLines)
  let first = 0
  let end = 0

  const pageOf = (pos: number): number => Math.floor(pos / pageLines)
  const at = (pos: number): WireLine | undefined => pages.at(pos)

  function put(lines: readonly WireLine[]): void {
    for (const line of lines) if (line.pos >= first && line.pos < end) pages.place(line.pos, line)
    pages.evict()
  }

  function putFrom(index: number, lines: readonly WireLine[]): void {
    for (const [at, line] of lines.entries()) {
      if (index + at >= first && index + at < end) pages.place(index + at, line)
    }
    pages.evict()
  }

  return {
    get first() {
      return first
    },
    get end() {
      return end
    },
    get pages() {
      return pages.count
    },
    get retryAt() {
      return requests.retryAt
    },
    at,
    put,
    putFrom,
    cover(newFirst, newEnd) {
      if (newFirst > first) pages.dropBefore(newFirst)
      first = newFirst
      end = Math.max(newFirst, newEnd)
    },
    truncate(pos) {
      end = Math.max(first, Math.min(end, pos))
      pages.dropFrom(end)
      requests.forget()
    },
    ask(view, now) {
      pages.see(pageOf(view.first), pageOf(Math.max(view.first, view.end - 1)))
      return requests.next(view, { first, end, now, has: (pos) => at(pos) !== undefined })
    },
    take(stretch, lines, now) {
      // Nothing there, or not what was asked for: asked again later, as after a failure.
      const isAnswered = lines.some(({ pos }) => pos >= stretch.from && pos < stretch.to)
      if (!requests.settle(stretch, isAnswered, now)) return
      // What retention removed meanwhile cannot come: the first line that did is the first one kept.
      const kept = lines[0]?.pos ?? stretch.from
      if (kept > stretch.from && stretch.from <= first) this.cover(kept, end)
      put(withSharedTimes(lines))
    },
    takeFrom(stretch, lines, now) {
      const isOurs = requests.settle(stretch, lines.length > 0, now)
      if (isOurs) putFrom(stretch.from, withSharedTimes(lines))
    },
    fail(stretch, now) {
      requests.settle(stretch, false, now)
    },
  }
}

/** Every line from `first` to before `end` is here. */
export function holds(window: LineWindow, first: number, end: number): boolean {
  for (let pos = first; pos < end; pos++) if (window.at(pos) === undefined) return false
  return true
}

/** Lines that came together have the same time: one string for all of them, where JSON made one each. */
function withSharedTimes(lines: readonly WireLine[]): readonly WireLine[] {
  let time = ''
  return lines.map((line) => {
    if (line.time === time) return { ...line, time }
    time = line.time
    return line
  })
}
