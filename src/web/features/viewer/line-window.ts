/**
 * The lines of a run that the page holds: pages aligned by position, around the reader, bounded in
 * number and in characters. It also says which lines to ask the server for next. No I/O.
 */
import type { WireLine } from '../../../shared/protocol/events.ts'
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
  /** What was from `pos` on is given anew: drops it, and what is still asked for. */
  truncate(pos: number): void
  /** What to ask the server for now, for a reader at these lines. Each is answered by `take` or `fail`. */
  ask(view: View, now: number): readonly Stretch[]
  take(stretch: Stretch, lines: readonly WireLine[], now: number): void
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
export const windowBounds: WindowBounds = { pageLines: 500, pagesMax: 200, charsMax: 16_000_000 }

interface Page {
  readonly lines: (WireLine | undefined)[]
  chars: number
}

export function createLineWindow(bounds: WindowBounds = windowBounds): LineWindow {
  const { pageLines, pagesMax, charsMax } = bounds
  const pages = new Map<number, Page>()
  const requests = createPageRequests(pageLines)
  let first = 0
  let end = 0
  let chars = 0
  /** The pages that somebody looks at. */
  let seen = { first: 0, last: 0 }

  const pageOf = (pos: number): number => Math.floor(pos / pageLines)
  const at = (pos: number): WireLine | undefined =>
    pages.get(pageOf(pos))?.lines[pos % pageLines] ?? undefined

  function drop(index: number): void {
    chars -= pages.get(index)?.chars ?? 0
    pages.delete(index)
  }

  function place(line: WireLine): void {
    const index = pageOf(line.pos)
    let page = pages.get(index)
    if (page === undefined) {
      page = { lines: Array.from<undefined>({ length: pageLines }), chars: 0 }
      pages.set(index, page)
    }
    const slot = line.pos % pageLines
    const added = line.text.length - (page.lines[slot]?.text.length ?? 0)
    page.lines[slot] = line
    page.chars += added
    chars += added
  }

  /** The pages farthest from the reader go first; those in sight stay. */
  function evict(): void {
    while (pages.size > pagesMax || chars > charsMax) {
      let farthest = -1
      let most = 0
      for (const index of pages.keys()) {
        const away = Math.max(seen.first - index, index - seen.last)
        if (away > most) [farthest, most] = [index, away]
      }
      if (farthest < 0) return
      drop(farthest)
    }
  }

  function put(lines: readonly WireLine[]): void {
    for (const line of lines) if (line.pos >= first && line.pos < end) place(line)
    evict()
  }

  /** Forgets the lines of one page from (or up to) a position. */
  function clear(from: number, to: number): void {
    const page = pages.get(pageOf(from))
    for (let pos = from; page !== undefined && pos < to; pos++) {
      const length = page.lines[pos % pageLines]?.text.length ?? 0
      page.lines[pos % pageLines] = undefined
      page.chars -= length
      chars -= length
    }
  }

  return {
    get first() {
      return first
    },
    get end() {
      return end
    },
    get pages() {
      return pages.size
    },
    get retryAt() {
      return requests.retryAt
    },
    at,
    put,
    cover(newFirst, newEnd) {
      first = newFirst
      end = Math.max(newFirst, newEnd)
      for (const index of pages.keys()) if ((index + 1) * pageLines <= first) drop(index)
      clear(pageOf(first) * pageLines, first)
    },
    truncate(pos) {
      end = Math.max(first, Math.min(end, pos))
      for (const index of pages.keys()) if (index * pageLines >= end) drop(index)
      clear(end, (pageOf(end) + 1) * pageLines)
      requests.forget()
    },
    ask(view, now) {
      seen = { first: pageOf(view.first), last: pageOf(Math.max(view.first, view.end - 1)) }
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
    fail(stretch, now) {
      requests.settle(stretch, false, now)
    },
  }
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
