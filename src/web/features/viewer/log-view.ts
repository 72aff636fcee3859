/** The window over the lines that the page holds: only rows in sight exist as elements. */
import { stripAnsi } from '../../../shared/ansi.ts'
import type { PartialEvent, WireLine } from '../../../shared/protocol/events.ts'
import type { LineBuffer } from './line-buffer.ts'
import { createPartialRow, createRow, type RowContext } from './log-row.ts'
import { createRowHeights } from './row-heights.ts'

export interface LogElements {
  /** Scrolls; holds head, runway and tail in this order. */
  readonly scroller: HTMLElement
  /** As high as all rows together. */
  readonly runway: HTMLElement
  /** Holds the rows in sight, moved to their place. */
  readonly layer: HTMLElement
  /** Unfinished lines. */
  readonly tail: HTMLElement
}

export interface LogViewOptions extends LogElements {
  readonly buffer: LineBuffer
  readonly context: RowContext
  /** The reader moved to the end, or away from it. */
  onFollow(isFollowing: boolean): void
  onSelect(pos: number): void
  onExpand(pos: number): void
  /** The last line held is the last one of the run. */
  isAtTail(): boolean
  /** The reader is near the first or last line held. */
  onEdge(edge: 'start' | 'end'): void
}

/** Rows kept beyond each edge of the view, so that a step of the wheel finds them drawn. */
const overscan = 12
/** After the leading edge the log is painted at most this often: a paint costs the same for 1 or 1,000 new lines. */
const paintMs = 50
/** Rows are measured and placed again at most this often in one paint. */
const paintRounds = 5
/** Follow while the end is less than this away. */
const endPx = 4
/** How near to an edge more lines are asked for. */
const edgePx = 400

export class LogView {
  readonly #options: LogViewOptions
  readonly #heights = createRowHeights()
  readonly #resize: ResizeObserver
  #rows: HTMLElement[] = []
  #rowsFirst = 0
  #isFollowing = true
  #isWrapping = false
  #anchor = { pos: 0, off: 0 }
  #target: number | null = null
  #selected: number | null = null
  #ownTop = -1
  #lastTop = 0
  #lastPaint = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #frame = 0
  #lineHeight = 20
  #columns = 100

  constructor(options: LogViewOptions) {
    this.#options = options
    const { scroller, layer } = options
    scroller.addEventListener('scroll', this.#onScroll, { passive: true })
    scroller.addEventListener('wheel', this.#onWheel, { passive: true })
    layer.addEventListener('click', this.#onClick)
    this.#resize = new ResizeObserver(() => this.#measureFont())
    this.#resize.observe(scroller)
    // The first paint does not wait for the fonts; their widths count from then on.
    void document.fonts.ready.then(() => this.#measureFont())
  }

  dispose(): void {
    const { scroller, layer } = this.#options
    scroller.removeEventListener('scroll', this.#onScroll)
    scroller.removeEventListener('wheel', this.#onWheel)
    layer.removeEventListener('click', this.#onClick)
    this.#resize.disconnect()
    clearTimeout(this.#timer)
    cancelAnimationFrame(this.#frame)
  }

  /** How rows look has changed: all are made anew, the reader stays at the same line. */
  refresh(isWrapping: boolean): void {
    this.#isWrapping = isWrapping
    this.#clearRows()
    this.#measureFont()
  }

  set isFollowing(isFollowing: boolean) {
    this.#isFollowing = isFollowing
    this.request()
  }

  /** Brings a line into the middle of the view, once. */
  show(pos: number): void {
    this.#target = pos
    this.request()
  }

  select(pos: number | null): void {
    this.#rowOf(this.#selected)?.classList.remove('selected')
    this.#selected = pos
    this.#rowOf(pos)?.classList.add('selected')
    if (pos !== null) this.#keepInSight(pos)
  }

  page(direction: 1 | -1): void {
    const { scroller } = this.#options
    this.#pause(direction < 0)
    scroller.scrollTop += direction * (scroller.clientHeight - this.#lineHeight * 2)
  }

  toStart(): void {
    this.#pause(true)
    this.#options.scroller.scrollTop = 0
  }

  showPartials(partials: Iterable<PartialEvent>): void {
    const rows = [...partials].map((event) => createPartialRow(event, this.#options.context))
    this.#options.tail.replaceChildren(...rows)
    this.request()
  }

  /** Paints at the leading edge, then at most every 50 ms while following. */
  request(): void {
    if (this.#timer !== undefined || this.#frame !== 0) return
    const sincePaint = performance.now() - this.#lastPaint
    const delay = this.#isFollowing ? paintMs - sincePaint : 0
    if (delay <= 4) {
      this.#requestFrame()
      return
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#requestFrame()
    }, delay)
  }

  #requestFrame(): void {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#lastPaint = performance.now()
      this.#paint()
    })
  }

  #paint(): void {
    const { buffer, layer, runway, scroller } = this.#options
    if (scroller.clientHeight === 0) return
    this.#heights.cover(buffer.first, buffer.end, this.#estimate)
    this.#takeTarget()
    // Measured heights can move the window; each round knows more of them.
    for (let round = 0; round < paintRounds; round++) {
      runway.style.height = `${this.#heights.total}px`
      this.#place()
      const range = this.#rangeInSight()
      this.#drawRows(range.first, range.end)
      layer.style.transform = `translateY(${this.#heights.offsetOf(range.first)}px)`
      if (!this.#measureRows()) break
    }
    // Chromium can report the old height once more after the runway has grown.
    const end = runway.offsetTop + this.#heights.total
    if (this.#isFollowing && scroller.scrollHeight < end) this.#requestFrame()
    this.#askAtEdges()
  }

  /** Puts `scrollTop` where the reader is: at the end, or at the anchored line. */
  #place(): void {
    const { scroller, runway } = this.#options
    if (this.#isFollowing) {
      this.#scrollTo(scroller.scrollHeight - scroller.clientHeight)
      this.#anchor = this.#heights.at(scroller.scrollTop - runway.offsetTop)
      return
    }
    const { buffer } = this.#options
    if (this.#anchor.pos < buffer.first) this.#anchor = { pos: buffer.first, off: 0 }
    this.#scrollTo(runway.offsetTop + this.#heights.offsetOf(this.#anchor.pos) + this.#anchor.off)
  }

  #scrollTo(top: number): void {
    const { scroller } = this.#options
    if (Math.abs(scroller.scrollTop - top) < 1) return
    scroller.scrollTop = top
    // Read back: it may be clamped, or fractional on a dense screen.
    this.#ownTop = scroller.scrollTop
    this.#lastTop = this.#ownTop
  }

  #rangeInSight(): { readonly first: number; readonly end: number } {
    const { buffer, runway, scroller } = this.#options
    if (buffer.end === buffer.first) return { first: buffer.first, end: buffer.first }
    const top = scroller.scrollTop - runway.offsetTop
    const first = this.#heights.at(Math.max(0, top)).pos - overscan
    const last = this.#heights.at(Math.max(0, top + scroller.clientHeight)).pos + overscan
    return { first: Math.max(buffer.first, first), end: Math.min(buffer.end, last + 1) }
  }

  /** Rows that stay are kept as they are: one step of the wheel changes a few elements only. */
  #drawRows(first: number, end: number): void {
    const { layer } = this.#options
    const oldEnd = this.#rowsFirst + this.#rows.length
    if (end <= this.#rowsFirst || first >= oldEnd) {
      this.#clearRows()
      this.#rowsFirst = first
    }
    while (this.#rows.length > 0 && this.#rowsFirst < first) {
      this.#rows.shift()?.remove()
      this.#rowsFirst++
    }
    while (this.#rowsFirst + this.#rows.length > end) this.#rows.pop()?.remove()
    const before = this.#createRows(first, this.#rowsFirst)
    layer.prepend(...before)
    const after = this.#createRows(this.#rowsFirst + this.#rows.length, end)
    layer.append(...after)
    this.#rows = [...before, ...this.#rows, ...after]
    this.#rowsFirst = first
  }

  #createRows(first: number, end: number): HTMLElement[] {
    const { buffer, context } = this.#options
    const rows: HTMLElement[] = []
    for (let pos = first; pos < end; pos++) {
      const line = buffer.at(pos)
      if (line === undefined) continue
      const row = createRow(line, buffer.at(pos - 1), context)
      if (pos === this.#selected) row.classList.add('selected')
      rows.push(row)
    }
    return rows
  }

  #clearRows(): void {
    this.#options.layer.replaceChildren()
    this.#rows = []
  }

  /** True when a height was not what was estimated. */
  #measureRows(): boolean {
    let hasChanged = false
    this.#rows.forEach((row, at) => {
      if (this.#heights.set(this.#rowsFirst + at, row.offsetHeight)) hasChanged = true
    })
    return hasChanged
  }

  readonly #estimate = (pos: number): number => {
    const line: WireLine | undefined = this.#options.buffer.at(pos)
    if (line?.channel === 'note') return this.#lineHeight + 10
    if (!this.#isWrapping || line === undefined) return this.#lineHeight
    return Math.max(1, Math.ceil(stripAnsi(line.text).length / this.#columns)) * this.#lineHeight
  }

  #measureFont(): void {
    const { scroller } = this.#options
    const style = getComputedStyle(scroller)
    this.#lineHeight = Number.parseFloat(style.getPropertyValue('--log-lh')) || 20
    const size = Number.parseFloat(style.getPropertyValue('--log-size')) || 12.5
    // A cell of JetBrains Mono is 0.6 em; what is wrong is measured once drawn. Only a narrow
    // view has no columns beside the text.
    const beside = scroller.clientWidth <= 640 ? 24 : 220
    this.#columns = Math.max(20, Math.floor((scroller.clientWidth - beside) / (size * 0.6)))
    this.#heights.clear()
    this.request()
  }

  #takeTarget(): void {
    const { buffer, scroller } = this.#options
    const pos = this.#target
    if (pos === null || pos < buffer.first || pos >= buffer.end) return
    this.#target = null
    this.#isFollowing = false
    const middle = this.#heights.offsetOf(pos) - scroller.clientHeight / 2
    this.#anchor = this.#heights.at(Math.max(0, middle))
  }

  readonly #onWheel = (event: WheelEvent): void => {
    // A paint could put the end back before the scroll event comes.
    if (event.deltaY < 0) this.#pause(true)
  }

  readonly #onScroll = (): void => {
    const { scroller, runway } = this.#options
    const top = scroller.scrollTop
    if (top === this.#ownTop) {
      this.#ownTop = -1
      return
    }
    const isUp = top < this.#lastTop
    this.#lastTop = top
    const below = scroller.scrollHeight - scroller.clientHeight - top
    const isAtEnd = below < endPx && this.#options.isAtTail()
    if (this.#isFollowing !== isAtEnd && (isAtEnd || isUp)) {
      this.#isFollowing = isAtEnd
      this.#options.onFollow(isAtEnd)
    }
    const pixel = top - runway.offsetTop
    const at = this.#heights.at(Math.max(0, pixel))
    this.#anchor = pixel < 0 ? { pos: at.pos, off: pixel } : at
    this.#requestFrame()
  }

  readonly #onClick = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target : null
    const row = target?.closest<HTMLElement>('[data-pos]')
    if (row === null || row === undefined || target?.closest('a') !== null) return
    // A drag that selects text is no click on the line.
    if (getSelection()?.isCollapsed === false) return
    const pos = Number(row.dataset['pos'])
    if (target?.closest('[data-action=expand]')) this.#options.onExpand(pos)
    else this.#options.onSelect(pos)
  }

  #pause(isUp: boolean): void {
    if (!isUp || !this.#isFollowing) return
    this.#isFollowing = false
    this.#options.onFollow(false)
  }

  #askAtEdges(): void {
    const { scroller } = this.#options
    if (this.#isFollowing) return
    const below = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop
    if (scroller.scrollTop < edgePx) this.#options.onEdge('start')
    if (below < edgePx) this.#options.onEdge('end')
  }

  #keepInSight(pos: number): void {
    const { scroller, runway } = this.#options
    const top = runway.offsetTop + this.#heights.offsetOf(pos)
    const bottom = top + this.#heights.heightOf(pos)
    if (top < scroller.scrollTop) scroller.scrollTop = top
    else if (bottom > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = bottom - scroller.clientHeight
    }
  }

  #rowOf(pos: number | null): HTMLElement | undefined {
    return pos === null ? undefined : this.#rows[pos - this.#rowsFirst]
  }
}
