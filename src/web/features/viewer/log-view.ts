/** The view over a run of any length: only rows in sight exist, and the reader's place is a line. */
import type { PartialEvent } from '../../../shared/protocol/events.ts'
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
  runwayPx,
  scrolled,
  topMax,
  topOf,
} from './geometry.ts'
import type { LineWindow, View } from './line-window.ts'
import { measureGrid } from './log-grid.ts'
import { createPartialRow, hasExtras, type LogRow, type RowContext } from './log-row.ts'
import { createPaintClock } from './paint-clock.ts'
import { createRowHeights } from './row-heights.ts'
import { createRowPool, type RowPool } from './row-pool.ts'
import type { LineRange } from './selected-range.ts'
import type { TextSelection } from './text-selection.ts'
import { canSelectText, TextSelector } from './text-selector.ts'

export interface LogElements {
  /** The native scroller; it holds the runway and nothing else. */
  readonly scroller: HTMLElement
  /** Feeds the scrollbar. */
  readonly runway: HTMLElement
  /** Is moved to its place on the runway: layer, then tail. */
  readonly sheet: HTMLElement
  /** Holds the rows in sight. */
  readonly layer: HTMLElement
  /** Unfinished lines, below the last whole one. */
  readonly tail: HTMLElement
}

export interface LogViewOptions extends LogElements {
  readonly window: LineWindow
  readonly context: Omit<RowContext, 'columns'>
  /** Text stands beside host and time, and long lines are wrapped. */
  isWrapping(): boolean
  /** The reader moved to the end, or away from it. */
  onFollow(isFollowing: boolean): void
  onSelect(pos: number, isExtending: boolean): void
  onExpand(pos: number): void
  /** The lines that somebody looks at. */
  onLook(view: View): void
  linesPerSecond(): number
  readonly onSelectText: (selection: TextSelection | null) => void
}

/** Rows kept beyond each edge of the view, so that a step of the wheel finds them drawn. */
const spareRows = 20
/** While following every row is filled anew with each paint, and most of what is above is never looked at. */
const spareRowsFollowing = 6
/** Heights are measured and rows placed again at most this often in one paint. */
const paintRounds = 5
/** After the last scroll event the scrollbar is put where it belongs. */
const settleMs = 150
/** Below the last line. */
const footPx = 6

export class LogView {
  readonly #options: LogViewOptions
  readonly #heights = createRowHeights()
  readonly #pool: RowPool
  readonly #clock = createPaintClock(() => this.#paint())
  readonly #resize: ResizeObserver
  readonly #selector: TextSelector | null
  #drawn: Drawn = { place: { pos: 0, off: 0 }, top: 0 }
  #isFollowing = true
  #target: number | null = null
  #selected: LineRange | null = null
  #columns: number | null = null
  #rowPx = 20
  #viewPx = 0
  #tailPx = footPx
  #runwayPx = -1
  #direction: 1 | -1 = -1
  #settleTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: LogViewOptions) {
    this.#options = options
    const { scroller, layer } = options
    this.#pool = createRowPool(layer)
    scroller.addEventListener('scroll', this.#onScroll, { passive: true })
    scroller.addEventListener('wheel', this.#onWheel, { passive: true })
    layer.addEventListener('click', this.#onClick)
    document.addEventListener('selectionchange', this.#onSelectText)
    this.#selector = canSelectText ? this.#createSelector() : null
    this.#resize = new ResizeObserver(() => this.#measureGrid())
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
    this.#selector?.dispose()
    this.#resize.disconnect()
    this.#clock.stop()
    clearTimeout(this.#settleTimer)
  }

  /** How rows look has changed: all are filled anew, the reader stays at the same line. */
  refresh(): void {
    this.#pool.forget()
    this.#measureGrid()
  }

  /** What is drawn of one line has changed. */
  redraw(pos: number): void {
    this.#heights.forget(pos)
    this.#pool.rowOf(pos)?.forget()
    this.#clock.now()
  }

  set isFollowing(isFollowing: boolean) {
    this.#isFollowing = isFollowing
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
    this.#target = pos
    this.#clock.now()
  }

  /** Marks lines and brings the line cursor into sight. */
  select(range: LineRange | null, cursor: number | null): void {
    this.#selected = range
    this.#markSelected()
    if (cursor === null || this.#target !== null || this.#viewPx === 0 || this.#isFollowing) return
    const extent = this.#extent()
    if (cursor < extent.end) this.#moveTo(placeShowing(extent, this.#drawn.place, cursor))
  }

  clearText(): void {
    this.#selector?.clear()
  }

  page(direction: 1 | -1): void {
    if (direction < 0) this.#pause()
    const extent = this.#extent()
    const px = direction * Math.max(this.#rowPx, this.#viewPx - 2 * this.#rowPx)
    this.#direction = direction
    this.#moveTo(moved(extent, this.#drawn.place, px))
    if (direction > 0) this.#followAtEnd(extent)
  }

  /** Puts a line at the upper edge. */
  toTop(pos: number): void {
    this.#pause()
    this.#moveTo(held(this.#extent(), { pos, off: 0 }))
  }

  showPartials(partials: Iterable<PartialEvent>): void {
    const { tail } = this.#options
    const context = this.#context()
    tail.replaceChildren(...[...partials].map((event) => createPartialRow(event, context)))
    this.#tailPx = tail.offsetHeight + footPx
    this.#clock.now()
  }

  #extent(): Extent {
    const { window } = this.#options
    return {
      first: window.first,
      end: window.end,
      rowPx: this.#rowPx,
      viewPx: this.#viewPx,
      tailPx: this.#tailPx,
      heightOf: (pos) => this.#heights.heightOf(pos, window.at(pos)),
    }
  }

  #context(): RowContext {
    return { ...this.#options.context, columns: this.#columns }
  }

  #paint(): void {
    if (this.#viewPx === 0) return
    this.#takeTarget()
    // Measured heights can move the window; each round knows more of them.
    for (let round = 0; round < paintRounds; round++) {
      const extent = this.#extent()
      const before = this.#drawn.place
      const place = this.#isFollowing ? endPlace(extent) : held(extent, before)
      this.#drawn = { ...this.#drawn, place }
      this.#stretchRunway(extent)
      if (!this.#drawRows(extent)) break
    }
    const { place } = this.#drawn
    const end = lastInView(this.#extent(), place, 0)
    this.#options.onLook({ first: place.pos, end, direction: this.#direction })
  }

  /** Makes the runway as high as the log; the scrollbar goes where it belongs, unless it is moved just now. */
  #stretchRunway(extent: Extent): void {
    const px = runwayPx(extent)
    const isLower = px < this.#runwayPx
    if (px !== this.#runwayPx) {
      this.#runwayPx = px
      this.#options.runway.style.height = `${px}px`
    }
    const isScrolling = this.#settleTimer !== undefined && !this.#isFollowing
    // Of a lower runway the browser has moved the scrollbar already.
    if (!isScrolling || isLower) this.#placeScrollbar(extent)
  }

  #placeScrollbar(extent: Extent): void {
    const { scroller } = this.#options
    const wanted = this.#isFollowing ? topMax(extent) : topOf(extent, this.#drawn.place)
    if (Math.abs(wanted - this.#drawn.top) > 1) {
      scroller.scrollTop = wanted
      // Read back: it may be clamped, or fractional on a dense screen.
      this.#drawn = { ...this.#drawn, top: scroller.scrollTop }
    }
    // Chromium can report the old height once more after the runway has grown.
    if (Math.abs(this.#drawn.top - wanted) > 2) this.#clock.again()
  }

  /** True when a height was not what was counted with. */
  #drawRows(extent: Extent): boolean {
    const { window, sheet, tail } = this.#options
    const { place, top } = this.#drawn
    const spare = this.#isFollowing ? spareRowsFollowing : spareRows
    const first = Math.max(extent.first, place.pos - spare)
    const end = Math.max(first, lastInView(extent, place, spare * this.#rowPx))
    const context = this.#context()
    const lineOf = (pos: number) => ({ pos, line: window.at(pos), previous: window.at(pos - 1) })
    const changed = this.#pool.show({ first, end }, lineOf, context)
    let above = place.off
    for (let pos = first; pos < place.pos; pos++) above += extent.heightOf(pos)
    sheet.style.transform = `translateY(${top - above}px)`
    tail.hidden = end < extent.end
    if (changed.length > 0) {
      this.#markSelected()
      this.#selector?.paint()
    }
    return this.#measure(changed, context)
  }

  #measure(changed: readonly LogRow[], context: RowContext): boolean {
    const { window } = this.#options
    let isOther = false
    for (const { pos, element } of changed) {
      const line = window.at(pos)
      if (line === undefined) continue
      const isOpen = this.#heights.isOpen(pos, line, hasExtras(line, context))
      if (isOpen && this.#heights.measured(pos, line, element.offsetHeight)) isOther = true
      this.#heights.count(this.#heights.heightOf(pos, line))
    }
    return isOther
  }

  #measureGrid(): void {
    const { scroller, runway } = this.#options
    this.#viewPx = scroller.clientHeight
    // A view that has grown can have moved the scrollbar: that was not the reader.
    this.#drawn = { ...this.#drawn, top: scroller.scrollTop }
    const grid = measureGrid(scroller, this.#options.isWrapping())
    this.#columns = grid.columns
    runway.style.setProperty('--columns', String(grid.columns ?? 0))
    runway.style.setProperty('--view', `${scroller.clientWidth}px`)
    this.#heights.use(grid)
    this.#rowPx = grid.linePx
    this.#pool.forget()
    this.#clock.now()
  }

  #takeTarget(): void {
    const pos = this.#target
    const { window } = this.#options
    if (pos === null || pos < window.first || pos >= window.end) return
    this.#target = null
    this.#isFollowing = false
    const extent = this.#extent()
    this.#moveTo(held(extent, placeAbove(extent, pos, (this.#viewPx - this.#rowPx) / 2)))
  }

  /** Goes to a place at once: by key, link or click, not by the scrollbar. */
  #moveTo(place: Place): void {
    this.#drawn = { ...this.#drawn, place }
    this.#settle()
  }

  readonly #settle = (): void => {
    clearTimeout(this.#settleTimer)
    this.#settleTimer = undefined
    this.#rowPx = this.#heights.meanPx
    this.#clock.now()
  }

  readonly #onWheel = (event: WheelEvent): void => {
    // A paint could put the end back before the scroll event comes.
    if (event.deltaY < 0 && topMax(this.#extent()) > 0) this.#pause()
  }

  readonly #onScroll = (): void => {
    const { scrollTop: top, clientHeight } = this.#options.scroller
    const by = top - this.#drawn.top
    // Sideways, or our own.
    if (Math.abs(by) < 0.5) return
    // A view that has grown or shrunk moves the scrollbar by itself: the reader has not moved.
    if (clientHeight !== this.#viewPx) {
      this.#measureGrid()
      return
    }
    const extent = this.#extent()
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
    const target = event.target instanceof Element ? event.target : null
    const row = target?.closest<HTMLElement>('[data-pos]')
    if (row === null || row === undefined || target?.closest('a') !== null) return
    const pos = Number(row.dataset['pos'])
    if (target?.closest('[data-action=expand]')) this.#options.onExpand(pos)
    // A drag that selects text is no click on the line.
    else if (event.shiftKey || !this.#hasText()) {
      this.#options.onSelect(pos, event.shiftKey)
    }
  }

  #createSelector(): TextSelector {
    const { scroller, layer, window, onSelectText } = this.#options
    return new TextSelector({
      scroller,
      layer,
      window,
      onStart: () => this.#pause(),
      scrollBy: (px) => this.#moveTo(moved(this.#extent(), this.#drawn.place, px)),
      onChange: onSelectText,
    })
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

  #markSelected(): void {
    for (const element of this.#options.layer.children) {
      if (!(element instanceof HTMLElement)) continue
      const pos = Number(element.dataset['pos'])
      const selected = this.#selected
      const isSelected = selected !== null && pos >= selected.from && pos <= selected.to
      if (element.classList.contains('selected') !== isSelected) {
        element.classList.toggle('selected', isSelected)
      }
    }
  }
}
