/** The view over lines without number: only rows in sight exist, and the reader's place is a line. */
import type { PartialEvent } from '../../../shared/protocol/events.ts'
import { drawFirstView, firstViewShown } from '../../ui/first-view.ts'
import { clickedLine } from './clicked-line.ts'
import {
  type Drawn,
  type Extent,
  endPlace,
  held,
  isAtEnd,
  lastInView,
  moved,
  type Place,
  placeAbove,
  placeShowing,
  scrolled,
  topMax,
} from './geometry.ts'
import type { LineSequence } from './line-sequence.ts'
import { LogRows } from './log-rows.ts'
import { LogScrollbar } from './log-scrollbar.ts'
import type { LogViewOptions } from './log-view-options.ts'
import { createPaintClock } from './paint-clock.ts'
import type { LineRange } from './selected-range.ts'
import type { TextSelection } from './text-selection.ts'
import type { TextSelector } from './text-selector.ts'

/** Heights are measured and rows placed again at most this often in one paint. */
const paintRounds = 5
/** After the last scroll event the scrollbar is put where it belongs. */
const settleMs = 150

/** A line that is to come into sight, once. */
interface Target {
  readonly pos: number
  readonly edge: 'top' | 'middle'
}

/** Places are of indexes; what is selected, shown and linked is of positions. */
export class LogView {
  readonly #options: LogViewOptions
  readonly #rows: LogRows
  readonly #scrollbar: LogScrollbar
  readonly #clock = createPaintClock(() => this.#paint())
  readonly #resize: ResizeObserver
  /** Comes after the first lines: nobody selects text before. */
  #selector: TextSelector | null = null
  #isDisposed = false
  #drawn: Drawn = { place: { pos: 0, off: 0 }, top: 0 }
  #isFollowing = true
  #target: Target | null = null
  #selected: LineRange | null = null
  #marked: ReadonlySet<number> = new Set()
  #direction: 1 | -1 = -1
  #settleTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: LogViewOptions) {
    this.#options = options
    const { scroller, layer, lines } = options
    this.#rows = new LogRows(options, lines)
    this.#scrollbar = new LogScrollbar(options)
    scroller.addEventListener('scroll', this.#onScroll, { passive: true })
    scroller.addEventListener('wheel', this.#onWheel, { passive: true })
    layer.addEventListener('click', this.#onClick)
    document.addEventListener('selectionchange', this.#onSelectText)
    // Without them the browser's own selection stays, and all lines stand there.
    void firstViewShown.then(() => Promise.allSettled([this.#loadSelector(), this.#loadFolds()]))
    this.#resize = new ResizeObserver(() => {
      if (!this.#rows.isMeasured) this.#measureGrid()
    })
    this.#resize.observe(scroller)
    // The first paint does not wait for the fonts; their widths count from then on.
    void document.fonts.ready.then(() => this.#measureGrid())
  }

  dispose(): void {
    const { scroller, layer } = this.#options
    scroller.removeEventListener('scroll', this.#onScroll)
    scroller.removeEventListener('wheel', this.#onWheel)
    layer.removeEventListener('click', this.#onClick)
    document.removeEventListener('selectionchange', this.#onSelectText)
    this.#isDisposed = true
    this.#selector?.dispose()
    this.#resize.disconnect()
    this.#clock.stop()
    clearTimeout(this.#settleTimer)
  }

  /** Scrolls other lines from now on; the reader comes to the one at `pos`, or the next one after it. */
  use(lines: LineSequence, pos: number | null): void {
    if (lines === this.#rows.lines) return
    this.#rows.lines = lines
    this.#target = pos === null ? null : { pos, edge: 'top' }
    this.#moveTo({ pos: lines.first, off: 0 })
  }

  /** The first position in sight; null while it cannot be told. */
  get topPos(): number | null {
    return this.#rows.lines.posAt(this.#drawn.place.pos)
  }

  /** How rows look has changed: all are filled anew, the reader stays at the same line. */
  refresh(): void {
    this.#measureGrid()
    // What is here stands in the very frame; what it lacks is asked for with the next paint.
    this.#draw()
  }

  /** What is drawn of one line has changed. */
  redraw(pos: number): void {
    this.#rows.forget(pos)
    this.#clock.now()
  }

  set isFollowing(isFollowing: boolean) {
    this.#isFollowing = isFollowing
    // Who follows has left the line to which a jump was under way.
    if (isFollowing) this.#target = null
    this.#clock.now()
  }

  /** Lines have come that the reader waits for. */
  paint(): void {
    this.#clock.now()
  }

  /** The log has grown, or other lines are there than before. */
  request(): void {
    this.#clock.soon(this.#options.linesPerSecond())
  }

  /** Brings a line into the middle of the view, once. */
  show(pos: number): void {
    this.#target = { pos, edge: 'middle' }
    this.#clock.now()
  }

  /** Marks lines and brings the line cursor into sight. */
  select(range: LineRange | null, cursor: number | null): void {
    this.#selected = range
    this.#rows.mark(range, this.#marked)
    if (cursor === null || this.#target !== null || this.#isFollowing) return
    if (this.#rows.viewPx === 0) return
    const index = this.#rows.lines.indexOf(cursor)
    if (index === null) return
    this.#rows.reveal(index)
    this.#moveTo(placeShowing(this.#rows.extent(), this.#drawn.place, index))
  }

  /** The line before or after one, or the last one without it; null when there is none. */
  neighbour(pos: number | null, step: 1 | -1): number | null {
    const { lines } = this.#rows
    const index = pos === null ? null : lines.indexOf(pos)
    let next = index === null ? lines.end - 1 : index + step
    if (lines.end === lines.first) return null
    // What is folded is one step.
    while (this.#rows.folds?.isHidden(next) === true) next += index === null ? -1 : step
    if (next >= lines.end) return pos
    return lines.posAt(Math.max(next, lines.first))
  }

  /** Whether frames of a stack trace at this line can be opened, or folded. */
  canFold(pos: number, isOpen: boolean): boolean {
    const { lines, folds } = this.#rows
    const index = lines.indexOf(pos)
    return index !== null && folds !== null && folds.isOpenAt(index) === !isOpen
  }

  /** Opens or folds the frames at a line; gives the position of the line above them. */
  fold(pos: number, isOpen: boolean): number | null {
    const { lines, folds } = this.#rows
    const index = lines.indexOf(pos)
    const head = index === null ? null : (folds?.set(index, isOpen) ?? null)
    if (head === null) return null
    // Who opens frames reads them: rows that follow would take them away.
    if (isOpen) this.#pause()
    this.#clock.now()
    return lines.posAt(head)
  }

  /** Lines that somebody has marked for everybody. */
  showMarks(positions: Iterable<number>): void {
    this.#marked = new Set(positions)
    this.#rows.mark(this.#selected, this.#marked)
  }

  clearText(): void {
    this.#selector?.clear()
  }

  /** Drops its selected text when that is not what is selected on the page. */
  leaveText(current: TextSelection | null): void {
    this.#selector?.leave(current)
  }

  /** Goes to the last line, and follows. */
  toEnd(): void {
    this.isFollowing = true
    this.#options.onFollow(true)
  }

  page(direction: 1 | -1): void {
    if (direction < 0) this.#pause()
    this.#target = null
    const { viewPx, rowPx } = this.#rows
    const extent = this.#rows.extent()
    const px = direction * Math.max(rowPx, viewPx - 2 * rowPx)
    this.#direction = direction
    this.#moveTo(moved(extent, this.#drawn.place, px))
    if (direction > 0) this.#followAtEnd(extent)
  }

  /** Puts a line at the upper edge. */
  toTop(pos: number): void {
    this.#pause()
    this.#target = { pos, edge: 'top' }
    this.#clock.now()
  }

  toStart(): void {
    this.#pause()
    this.#target = null
    this.#moveTo({ pos: this.#rows.lines.first, off: 0 })
  }

  showPartials(partials: Iterable<PartialEvent>): void {
    this.#rows.showPartials(partials)
    this.#clock.now()
  }

  #paint(): void {
    if (this.#rows.viewPx === 0) return
    this.#draw()
    const { place } = this.#drawn
    const end = lastInView(this.#rows.extent(), place, 0)
    const { lines } = this.#rows
    lines.look({ first: place.pos, end, direction: this.#direction })
    this.#options.onLook(lines.posAt(place.pos), lines.posAt(Math.max(place.pos, end - 1)))
  }

  #draw(): void {
    if (this.#rows.viewPx === 0) return
    this.#takeTarget()
    // Measured heights can move the window; each round knows more of them.
    for (let round = 0; round < paintRounds; round++) {
      const extent = this.#rows.extent()
      const before = this.#drawn.place
      const place = this.#isFollowing ? endPlace(extent) : held(extent, before)
      this.#drawn = { ...this.#drawn, place }
      this.#placeScrollbar(extent)
      if (!this.#drawRows(extent)) break
    }
  }

  #placeScrollbar(extent: Extent): void {
    const isFollowing = this.#isFollowing
    const isScrolling = this.#settleTimer !== undefined && !isFollowing
    const state = { drawn: this.#drawn, isScrolling, isFollowing }
    const { top, isOff } = this.#scrollbar.place(extent, state)
    this.#drawn = { ...this.#drawn, top }
    if (isOff) this.#clock.again()
  }

  /** True when a height was not what was counted with. */
  #drawRows(extent: Extent): boolean {
    const changed = this.#rows.draw(extent, this.#drawn, this.#isFollowing)
    if (changed.length === 0) return false
    this.#rows.mark(this.#selected, this.#marked)
    this.#selector?.paint()
    if (changed.some(({ line }) => line !== undefined)) drawFirstView()
    this.#options.onDraw()
    return this.#rows.measure(changed)
  }

  #measureGrid(): void {
    this.#rows.measureGrid()
    // A view that has grown can have moved the scrollbar: that was not the reader.
    this.#drawn = { ...this.#drawn, top: this.#options.scroller.scrollTop }
    this.#clock.now()
  }

  #takeTarget(): void {
    const target = this.#target
    const index = target === null ? null : this.#rows.lines.indexOf(target.pos)
    if (target === null || index === null) return
    this.#target = null
    this.#rows.reveal(index)
    if (target.edge === 'middle') this.#isFollowing = false
    const { viewPx, rowPx } = this.#rows
    const extent = this.#rows.extent()
    const above = target.edge === 'top' ? 0 : (viewPx - rowPx) / 2
    this.#moveTo(held(extent, placeAbove(extent, index, above)))
  }

  /** Goes to a place at once: by key, link or click, not by the scrollbar. */
  #moveTo(place: Place): void {
    this.#drawn = { ...this.#drawn, place }
    this.#settle()
  }

  readonly #settle = (): void => {
    clearTimeout(this.#settleTimer)
    this.#settleTimer = undefined
    this.#rows.rescale()
    this.#clock.now()
  }

  readonly #onWheel = (event: WheelEvent): void => {
    // A paint could put the end back before the scroll event comes.
    if (event.deltaY < 0 && topMax(this.#rows.extent()) > 0) this.#pause()
  }

  readonly #onScroll = (): void => {
    const { scrollTop: top, clientHeight } = this.#options.scroller
    const by = top - this.#drawn.top
    // Sideways, or our own.
    if (Math.abs(by) < 0.5) return
    // A view that has grown or shrunk moves the scrollbar by itself: the reader has not moved.
    if (clientHeight !== this.#rows.viewPx) {
      this.#measureGrid()
      return
    }
    const extent = this.#rows.extent()
    this.#drawn = scrolled(extent, this.#drawn, top)
    this.#direction = by > 0 ? 1 : -1
    if (by < 0) this.#pause()
    else this.#followAtEnd(extent)
    clearTimeout(this.#settleTimer)
    // The scrollbar must never run out before the log does.
    if (top <= 0 || top >= topMax(extent) - 1) this.#settle()
    else this.#settleTimer = setTimeout(this.#settle, settleMs)
    this.#clock.now()
  }

  readonly #onClick = (event: MouseEvent): void => {
    const clicked = clickedLine(event.target)
    if (clicked === null) return
    const { pos, action } = clicked
    if (action === 'all' || action === 'row') this.#options.onShowAll(pos, action === 'row')
    else if (action === 'fold') this.fold(pos, !this.canFold(pos, false))
    // A drag that selects text is no click on the line.
    else if (event.shiftKey || !this.#hasText()) this.#options.onSelect(pos, event.shiftKey)
  }

  async #loadSelector(): Promise<void> {
    const part = await import('./text-selector.ts')
    if (this.#isDisposed || !part.canSelectText) return
    const { scroller, layer, onSelectText } = this.#options
    this.#selector = new part.TextSelector({
      scroller,
      layer,
      textAt: (pos) => this.#rows.lineAt(pos)?.text ?? '',
      onStart: () => this.#pause(),
      scrollBy: (px) => this.#moveTo(moved(this.#rows.extent(), this.#drawn.place, px)),
      onChange: onSelectText,
    })
  }

  async #loadFolds(): Promise<void> {
    const { createLineFolds } = await import('./line-folds.ts')
    if (this.#isDisposed) return
    this.#rows.foldWith(createLineFolds)
    this.#clock.now()
  }

  #hasText(): boolean {
    return this.#selector?.hasText === true || getSelection()?.isCollapsed === false
  }

  /** Who selects text reads it: rows that follow would take it from under the mouse. */
  readonly #onSelectText = (): void => {
    const selection = getSelection()
    if (selection === null || selection.isCollapsed) return
    if (this.#options.layer.contains(selection.anchorNode)) this.#pause()
  }

  #pause(): void {
    if (!this.#isFollowing) return
    this.#isFollowing = false
    this.#options.onFollow(false)
  }

  #followAtEnd(extent: Extent): void {
    if (this.#isFollowing || !isAtEnd(extent, this.#drawn.place)) return
    this.#isFollowing = true
    this.#options.onFollow(true)
  }
}
