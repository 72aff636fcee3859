/** Where each row stands: heights of a dense stretch of lines, and pixels to position and back. */

export interface RowHeights {
  readonly first: number
  readonly end: number
  /** All rows together, in pixels. */
  readonly total: number
  /** Makes the stretch `first` to `end`; heights of lines that stay are kept, others are estimated. */
  cover(first: number, end: number, estimate: (pos: number) => number): void
  /** Takes a measured height; true when it differs. */
  set(pos: number, height: number): boolean
  /** Forgets all heights: the width or the font has changed. */
  clear(): void
  /** Pixels above the row of `pos`. */
  offsetOf(pos: number): number
  heightOf(pos: number): number
  /** The row at a pixel and how many pixels of it are above. */
  at(pixel: number): { readonly pos: number; readonly off: number }
}

export function createRowHeights(): RowHeights {
  let first = 0
  let heights: number[] = []
  /** `sums[i]` is the offset of row `i`; valid up to and including `known`. */
  let sums: number[] = [0]
  let known = 0

  function sumTo(index: number): number {
    for (let at = known; at < index; at++) sums[at + 1] = (sums[at] ?? 0) + (heights[at] ?? 0)
    known = Math.max(known, index)
    return sums[index] ?? 0
  }

  function clear(): void {
    heights = []
    sums = [0]
    known = 0
  }

  return {
    get first() {
      return first
    },
    get end() {
      return first + heights.length
    },
    get total() {
      return sumTo(heights.length)
    },
    clear,
    cover(newFirst, newEnd, estimate) {
      const oldEnd = first + heights.length
      const isJoined = heights.length > 0 && newFirst < oldEnd && newEnd > first
      if (!isJoined) {
        clear()
        first = newFirst
      } else if (newFirst !== first || newEnd < oldEnd) {
        const kept = heights.slice(Math.max(0, newFirst - first), newEnd - first)
        const before: number[] = []
        for (let pos = newFirst; pos < first; pos++) before.push(estimate(pos))
        heights = [...before, ...kept]
        first = newFirst
        sums = [0]
        known = 0
      }
      for (let pos = first + heights.length; pos < newEnd; pos++) heights.push(estimate(pos))
    },
    set(pos, height) {
      const index = pos - first
      if (heights[index] === undefined || heights[index] === height) return false
      heights[index] = height
      known = Math.min(known, index)
      return true
    },
    offsetOf: (pos) => sumTo(Math.min(Math.max(0, pos - first), heights.length)),
    heightOf: (pos) => heights[pos - first] ?? 0,
    at(pixel) {
      sumTo(heights.length)
      let low = 0
      let high = heights.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((sums[middle] ?? 0) <= pixel) low = middle
        else high = middle - 1
      }
      return { pos: first + low, off: Math.max(0, pixel - (sums[low] ?? 0)) }
    },
  }
}
