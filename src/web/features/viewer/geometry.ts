/**
 * Where the reader is in a log of any length, in pixels and in the scrollbar. The place is the first
 * line in sight and how much of it is gone; it is never a total of pixels. Pure functions.
 *
 * The runway is the tall element that feeds the native scrollbar. A browser cannot lay out ten
 * million rows, so it is squeezed in its middle and true to the pixel at both ends: with all of it
 * squeezed, the wheel would stick near the ends.
 */

export interface Place {
  readonly pos: number
  /** Pixels of that line above the view. */
  readonly off: number
}

/** The log as it is laid out now. */
export interface Extent {
  /** Lines `first` to `end` (exclusive). */
  readonly first: number
  readonly end: number
  /** Mean height of a line: the scale of the scrollbar. */
  readonly rowPx: number
  readonly viewPx: number
  /** What stands below the last line. */
  readonly tailPx: number
  /** Real height of a line, or the best guess while it is not here. */
  heightOf(pos: number): number
}

/** What was drawn last: the place, and the `scrollTop` that it was drawn for. */
export interface Drawn {
  readonly place: Place
  readonly top: number
}

/** Chromium cuts an element at 33.5 million pixels, and at half of that on a dense screen. */
const runwayPxMax = 8_000_000
/** At each end of the runway a pixel is a pixel. */
const trueEndPx = 1_000_000
/** This many lines from either end stand by their real heights. */
const nearLines = 200
/** The reader is at the end while less than this is below. */
const endPx = 4

/** Height of the runway. */
export function runwayPx(extent: Extent): number {
  return Math.min(virtualPx(extent), runwayPxMax)
}

export function topMax(extent: Extent): number {
  return Math.max(0, runwayPx(extent) - extent.viewPx)
}

/** The `scrollTop` that belongs to a place. */
export function topOf(extent: Extent, place: Place): number {
  const { first, end, rowPx, tailPx } = extent
  const fromFirst = place.pos - first
  let top: number
  if (fromFirst < nearLines) top = heightsOf(extent, first, place.pos) + place.off
  else if (end - place.pos <= nearLines) {
    top = runwayPx(extent) - tailPx - heightsOf(extent, place.pos, end) + place.off
  } else top = toRunway(extent, fromFirst * rowPx + place.off)
  // As long as there is more of the log, the scrollbar leaves room for it, whatever the scale says.
  const most = topMax(extent) - Math.min(belowPx(extent, place), extent.viewPx)
  return Math.max(0, Math.min(Math.max(top, abovePx(extent, place)), most))
}

/** The reader has scrolled to `top`: by pixels for wheel, keys and touch, in proportion for more. */
export function scrolled(extent: Extent, drawn: Drawn, top: number): Drawn {
  const delta = top - drawn.top
  const isNear = Math.abs(delta) < 2 * extent.viewPx
  return { top, place: isNear ? moved(extent, drawn.place, delta) : placeAt(extent, top) }
}

/** The place that the scrollbar points at. */
export function placeAt(extent: Extent, top: number): Place {
  const nearPx = nearLines * extent.rowPx
  const below = topMax(extent) - top
  if (top < nearPx) return moved(extent, { pos: extent.first, off: 0 }, top)
  if (below < nearPx) return moved(extent, endPlace(extent), -below)
  const index = toVirtual(extent, top) / extent.rowPx
  const pos = extent.first + Math.floor(index)
  return held(extent, { pos, off: Math.floor((index % 1) * extent.heightOf(pos)) })
}

/** A place so many pixels further down (or up), but never beyond either end. */
export function moved(extent: Extent, place: Place, px: number): Place {
  return held(extent, { pos: place.pos, off: place.off + px })
}

/** The nearest place that exists: `off` within its line, the last line not above the lower edge. */
export function held(extent: Extent, place: Place): Place {
  const within = normal(extent, place)
  // Only who is within a screen of the end can be beyond it.
  const remaining = belowPx(extent, within)
  return remaining >= 0 ? within : normal(extent, { pos: within.pos, off: within.off + remaining })
}

/** The last line stands at the lower edge. */
export function endPlace(extent: Extent): Place {
  return placeAbove(extent, extent.end, extent.viewPx - extent.tailPx)
}

export function isAtEnd(extent: Extent, place: Place): boolean {
  return belowPx(extent, place) < endPx
}

/** The place that has `px` of the log between the upper edge and the line `pos`. */
export function placeAbove(extent: Extent, pos: number, px: number): Place {
  let at = pos
  let left = px
  while (left > 0 && at > extent.first) left -= extent.heightOf(--at)
  return { pos: at, off: Math.max(0, -left) }
}

/** The place from which all of a line is in sight, as near as can be. */
export function placeShowing(extent: Extent, place: Place, pos: number): Place {
  const height = extent.heightOf(pos)
  if (pos < place.pos || (pos === place.pos && place.off > 0)) return held(extent, { pos, off: 0 })
  const room = extent.viewPx - height
  if (room <= 0) return held(extent, { pos, off: 0 })
  const lowest = placeAbove(extent, pos, room)
  const isBelow = lowest.pos > place.pos || (lowest.pos === place.pos && lowest.off > place.off)
  return isBelow ? held(extent, lowest) : place
}

/** The first line beyond a view (and what is kept ready below it) that begins at `place`. */
export function lastInView(extent: Extent, place: Place, sparePx: number): number {
  let px = -place.off
  let pos = place.pos
  while (px < extent.viewPx + sparePx && pos < extent.end) px += extent.heightOf(pos++)
  return pos
}

/** Pixels of the log below the view; counted up to a screen only. */
function belowPx(extent: Extent, place: Place): number {
  let px = -place.off - extent.viewPx
  for (let pos = place.pos; pos < extent.end; pos++) {
    px += extent.heightOf(pos)
    if (px > extent.viewPx) return px
  }
  return px + extent.tailPx
}

/** Pixels of the log above the view; counted up to a screen only. */
function abovePx(extent: Extent, place: Place): number {
  let px = place.off
  for (let pos = place.pos; pos > extent.first && px < extent.viewPx; ) px += extent.heightOf(--pos)
  return Math.min(px, extent.viewPx)
}

function normal(extent: Extent, place: Place): Place {
  const last = Math.max(extent.first, extent.end - 1)
  let pos = Math.min(Math.max(place.pos, extent.first), last)
  let off = pos === place.pos ? place.off : 0
  while (off < 0 && pos > extent.first) off += extent.heightOf(--pos)
  for (let height = extent.heightOf(pos); off >= height && pos < last; ) {
    off -= height
    height = extent.heightOf(++pos)
  }
  return { pos, off: Math.max(0, off) }
}

function heightsOf(extent: Extent, from: number, to: number): number {
  let px = 0
  for (let pos = from; pos < to; pos++) px += extent.heightOf(pos)
  return px
}

/** What the whole log measures at its mean height; one that is near both its ends is summed up. */
function virtualPx(extent: Extent): number {
  const { first, end, rowPx, tailPx } = extent
  const lines = end - first
  return tailPx + (lines <= 2 * nearLines ? heightsOf(extent, first, end) : lines * rowPx)
}

/** Pixels of the runway for one of the log, between the true ends. */
function squeeze(extent: Extent): number {
  const virtual = virtualPx(extent)
  if (virtual <= runwayPxMax) return 1
  return (runwayPxMax - 2 * trueEndPx) / (virtual - 2 * trueEndPx)
}

function toRunway(extent: Extent, px: number): number {
  const virtual = virtualPx(extent)
  const ratio = squeeze(extent)
  if (ratio === 1 || px <= trueEndPx) return px
  if (px >= virtual - trueEndPx) return runwayPxMax - (virtual - px)
  return trueEndPx + (px - trueEndPx) * ratio
}

function toVirtual(extent: Extent, top: number): number {
  const virtual = virtualPx(extent)
  const ratio = squeeze(extent)
  if (ratio === 1 || top <= trueEndPx) return top
  if (top >= runwayPxMax - trueEndPx) return virtual - (runwayPxMax - top)
  return trueEndPx + (top - trueEndPx) / ratio
}
