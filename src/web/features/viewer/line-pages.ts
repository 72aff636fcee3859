/** Lines in pages aligned by position, bounded in number and in characters; the farthest page goes first. */
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { WindowBounds } from './line-window.ts'

export interface LinePages {
  readonly count: number
  at(pos: number): WireLine | undefined
  /** Under a position, or an index where those are not the same. */
  place(at: number, line: WireLine): void
  dropBefore(pos: number): void
  dropFrom(pos: number): void
  /** Somebody looks at these pages: they stay, and others go by how far away they are. */
  see(firstPage: number, lastPage: number): void
  /** Brings the pages back into their bounds. */
  evict(): void
}

interface Page {
  readonly lines: (WireLine | undefined)[]
  chars: number
}

export function createLinePages({ pageLines, pagesMax, charsMax }: WindowBounds): LinePages {
  const pages = new Map<number, Page>()
  let chars = 0
  let seen = { first: 0, last: 0 }

  const pageOf = (pos: number): number => Math.floor(pos / pageLines)

  function drop(index: number): void {
    chars -= pages.get(index)?.chars ?? 0
    pages.delete(index)
  }

  function set(pos: number, line: WireLine | undefined): void {
    const page = pages.get(pageOf(pos))
    if (page === undefined) return
    const slot = pos % pageLines
    const added = (line?.text.length ?? 0) - (page.lines[slot]?.text.length ?? 0)
    page.lines[slot] = line
    page.chars += added
    chars += added
  }

  return {
    get count() {
      return pages.size
    },
    at: (pos) => pages.get(pageOf(pos))?.lines[pos % pageLines],
    place(at, line) {
      const index = pageOf(at)
      if (!pages.has(index)) {
        pages.set(index, { lines: Array.from<undefined>({ length: pageLines }), chars: 0 })
      }
      set(at, line)
    },
    dropBefore(pos) {
      for (const index of pages.keys()) if ((index + 1) * pageLines <= pos) drop(index)
      for (let at = pageOf(pos) * pageLines; at < pos; at++) set(at, undefined)
    },
    dropFrom(pos) {
      for (const index of pages.keys()) if (index * pageLines >= pos) drop(index)
      for (let at = pos; at < (pageOf(pos) + 1) * pageLines; at++) set(at, undefined)
    },
    see(first, last) {
      seen = { first, last }
    },
    evict() {
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
    },
  }
}
