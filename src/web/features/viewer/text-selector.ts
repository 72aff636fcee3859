/** Selecting text of the log by mouse: over rows that are used again and again, painted without touching them. */
import { pointAt, rangeOf } from './row-columns.ts'
import {
  columnsIn,
  drawnText,
  type TextPoint,
  type TextSelection,
  wordAt,
} from './text-selection.ts'

export interface TextSelectorOptions {
  readonly scroller: HTMLElement
  readonly layer: HTMLElement
  /** Text of a line that is drawn. */
  textAt(pos: number): string
  /** Somebody begins to select, so that nothing may move under the mouse. */
  onStart(): void
  /** The mouse is held beyond an edge of the view. */
  scrollBy(px: number): void
  onChange(selection: TextSelection | null): void
}

const highlightName = 'log-text'
/** Less than this is a click. */
const dragPx = 4
/** Pixels scrolled in a frame, for one of distance from the edge; and at most. */
const scrollShare = 0.25
const scrollPxMax = 200

interface Drag {
  readonly from: TextPoint
  readonly x: number
  readonly y: number
}

/** Only where the browser can paint ranges; elsewhere its own selection stays. */
export const canSelectText: boolean = typeof CSS !== 'undefined' && 'highlights' in CSS

export class TextSelector {
  readonly #options: TextSelectorOptions
  #selection: TextSelection | null = null
  #drag: Drag | null = null
  #mouse = { x: 0, y: 0 }
  #frame = 0
  /** Its own in the highlight. */
  #ranges: readonly Range[] = []

  constructor(options: TextSelectorOptions) {
    this.#options = options
    options.layer.addEventListener('mousedown', this.#onDown)
  }

  dispose(): void {
    this.#onUp()
    cancelAnimationFrame(this.#frame)
    this.#options.layer.removeEventListener('mousedown', this.#onDown)
    this.#show([])
  }

  get hasText(): boolean {
    return this.#selection !== null
  }

  clear(): void {
    this.#set(null)
  }

  /** After rows were filled anew. */
  paint(): void {
    const selection = this.#selection
    const ranges: Range[] = []
    if (selection !== null) {
      for (const row of this.#options.layer.querySelectorAll<HTMLElement>('.row')) {
        const columns = columnsIn(selection, Number(row.dataset['pos']))
        const body = row.querySelector<HTMLElement>('.row-text')
        if (columns !== null && body !== null) ranges.push(rangeOf(body, columns.from, columns.to))
      }
    }
    this.#show(ranges)
  }

  /** Another view has the selection now, or none has. */
  leave(current: TextSelection | null): void {
    if (this.#selection === null || this.#selection === current) return
    this.#selection = null
    this.#show([])
  }

  /** All views of a page paint into one highlight, as it has one name. */
  #show(ranges: readonly Range[]): void {
    if (ranges.length === 0 && this.#ranges.length === 0) return
    const shared = CSS.highlights.get(highlightName) ?? new Highlight()
    for (const range of this.#ranges) shared.delete(range)
    for (const range of ranges) shared.add(range)
    this.#ranges = ranges
    if (shared.size === 0) CSS.highlights.delete(highlightName)
    else CSS.highlights.set(highlightName, shared)
  }

  #set(next: TextSelection | null): void {
    if (next === null && this.#selection === null) return
    this.#selection = next
    this.paint()
    this.#options.onChange(next)
  }

  readonly #onDown = (event: MouseEvent): void => {
    const { layer, scroller } = this.#options
    const target = event.target instanceof Element ? event.target : null
    if (event.button !== 0 || event.shiftKey || target?.closest('a, button') !== null) return
    const from = pointAt(layer, event.clientX, event.clientY)
    if (from === null) return
    // The browser's own selection would be lost with the first row that is used again.
    event.preventDefault()
    focusByPointer(scroller)
    getSelection()?.removeAllRanges()
    this.#set(null)
    if (event.detail === 2) this.#selectWord(from)
    this.#drag = { from, x: event.clientX, y: event.clientY }
    document.addEventListener('mousemove', this.#onMove)
    document.addEventListener('mouseup', this.#onUp)
  }

  #selectWord({ pos, column }: TextPoint): void {
    const { from, to } = wordAt(drawnText(this.#options.textAt(pos)), column)
    this.#options.onStart()
    this.#set({ anchor: { pos, column: from }, focus: { pos, column: to } })
  }

  readonly #onMove = (event: MouseEvent): void => {
    const drag = this.#drag
    if (drag === null) return
    this.#mouse = { x: event.clientX, y: event.clientY }
    const isClick = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < dragPx
    if (isClick) return
    if (this.#selection === null) this.#options.onStart()
    this.#extend(drag)
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#scrollAtEdge)
  }

  /** To where the mouse is, or the nearest place in the view. */
  #extend({ from }: Drag): void {
    const { layer, scroller } = this.#options
    const { top, bottom, left } = scroller.getBoundingClientRect()
    const y = Math.min(Math.max(this.#mouse.y, top + 1), bottom - 2)
    const focus = pointAt(layer, Math.max(this.#mouse.x, left + 1), y)
    if (focus !== null) this.#set({ anchor: from, focus })
  }

  readonly #scrollAtEdge = (): void => {
    this.#frame = 0
    if (this.#drag === null) return
    const { y } = this.#mouse
    const { top, bottom } = this.#options.scroller.getBoundingClientRect()
    const beyond = y < top ? y - top : Math.max(0, y - bottom)
    if (beyond === 0) return
    const px = Math.min(scrollPxMax, Math.abs(beyond) * scrollShare + 1)
    this.#options.scrollBy(Math.sign(beyond) * px)
    this.#extend(this.#drag)
    this.#frame = requestAnimationFrame(this.#scrollAtEdge)
  }

  readonly #onUp = (): void => {
    this.#drag = null
    document.removeEventListener('mousemove', this.#onMove)
    document.removeEventListener('mouseup', this.#onUp)
  }
}

/** The ring tells who uses keys where they are: who points knows, and gets it with the first key. */
function focusByPointer(scroller: HTMLElement): void {
  if (!scroller.classList.contains(pointerClass)) {
    const forget = (): void => scroller.classList.remove(pointerClass)
    const once = new AbortController()
    for (const name of ['keydown', 'blur']) {
      scroller.addEventListener(
        name,
        () => {
          forget()
          once.abort()
        },
        { signal: once.signal },
      )
    }
  }
  scroller.classList.add(pointerClass)
  scroller.focus({ preventScroll: true })
}

const pointerClass = 'by-pointer'
