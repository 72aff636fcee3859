/** The rows of a view as they stand on the screen: which lines they show, and how high each one is. */
import type { PartialEvent, WireLine } from '../../../shared/protocol/events.ts'
import { text } from '../../i18n/text.ts'
import { type Drawn, type Extent, lastInView } from './geometry.ts'
import type { LineFolds } from './line-folds.ts'
import type { LineSequence } from './line-sequence.ts'
import { measureGrid } from './log-grid.ts'
import {
  createPartialRow,
  hasExtras,
  type LogRow,
  type RowContext,
  type RowLine,
} from './log-row.ts'
import { createRowHeights } from './row-heights.ts'
import { createRowPool, type RowPool } from './row-pool.ts'
import type { LineRange } from './selected-range.ts'

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

export interface LogRowsOptions extends LogElements {
  readonly context: Omit<RowContext, 'columns' | 'folds'>
  /** Text stands beside host and time, and long lines are wrapped. */
  isWrapping(): boolean
  /** Frames of stack traces are folded. */
  isFolding(): boolean
}

/** Rows kept beyond each edge of the view, so that a step of the wheel finds them drawn. */
const spareRows = 20
/** While following every row is filled anew with each paint, and most of what is above is never looked at. */
const spareRowsFollowing = 6
/** Below the last line. */
const footPx = 6

export class LogRows {
  readonly #options: LogRowsOptions
  readonly #heights = createRowHeights()
  readonly #pool: RowPool
  #lines: LineSequence
  #createFolds: ((lines: LineSequence) => LineFolds) | null = null
  #folds: LineFolds | null = null
  /** Position of the line that somebody went to last: it is not folded away, whenever folds come. */
  #sought: number | null = null
  #columns: number | null = null
  #rowPx = 20
  #viewPx = 0
  #viewWidthPx = 0
  #tailPx = footPx

  constructor(options: LogRowsOptions, lines: LineSequence) {
    this.#options = options
    this.#lines = lines
    this.#pool = createRowPool(options.layer)
  }

  get lines(): LineSequence {
    return this.#lines
  }

  /** Other lines, with indexes of their own. */
  set lines(lines: LineSequence) {
    this.#lines = lines
    this.#folds = null
    this.#fold()
    this.#heights.forget()
    this.#pool.forget()
  }

  /** Null while nothing is folded. */
  get folds(): LineFolds | null {
    return this.#folds
  }

  /** What folds has been loaded. */
  foldWith(create: (lines: LineSequence) => LineFolds): void {
    this.#createFolds = create
    this.#fold()
  }

  /** Somebody goes to this line: the frames around it open. */
  reveal(index: number): void {
    this.#sought = this.#lines.posAt(index)
    this.#folds?.reveal(index)
  }

  get viewPx(): number {
    return this.#viewPx
  }

  /** The grid was measured in a view of the size that it has now. */
  get isMeasured(): boolean {
    const { scroller } = this.#options
    return scroller.clientHeight === this.#viewPx && scroller.clientWidth === this.#viewWidthPx
  }

  get rowPx(): number {
    return this.#rowPx
  }

  /** The log as it is laid out now. */
  extent(): Extent {
    const lines = this.#lines
    return {
      first: lines.first,
      end: lines.end,
      rowPx: this.#rowPx,
      viewPx: this.#viewPx,
      tailPx: this.#tailPx,
      heightOf: (index) =>
        this.#isHidden(index) ? 0 : this.#heights.heightOf(index, lines.at(index)),
    }
  }

  /** The grid of cells has changed, or may have: every row is filled anew. */
  measureGrid(): void {
    const { scroller, runway } = this.#options
    this.#viewPx = scroller.clientHeight
    this.#viewWidthPx = scroller.clientWidth
    this.#fold()
    const grid = measureGrid(scroller, this.#options.isWrapping())
    this.#columns = grid.columns
    runway.style.setProperty('--columns', String(grid.columns ?? 0))
    runway.style.setProperty('--view', `${this.#viewWidthPx}px`)
    this.#heights.use(grid)
    this.#rowPx = grid.linePx
    this.#pool.forget()
  }

  /** The scale of the scrollbar becomes that of the lines that were drawn. */
  rescale(): void {
    this.#rowPx = this.#heights.meanPx
  }

  /** What is drawn of one line has changed. */
  forget(pos: number): void {
    const row = this.#pool.rows.find((one) => one.pos === pos)
    if (row === undefined) return
    this.#heights.forget(row.index)
    row.forget()
  }

  /** A line that is drawn. */
  lineAt(pos: number): WireLine | undefined {
    return this.#pool.rows.find((row) => row.pos === pos)?.line
  }

  /** Fills the rows in sight; gives those that have changed. */
  draw(extent: Extent, { place, top }: Drawn, isFollowing: boolean): readonly LogRow[] {
    const { sheet, tail } = this.#options
    const lines = this.#lines
    const spare = isFollowing ? spareRowsFollowing : spareRows
    const first = Math.max(extent.first, place.pos - spare)
    const end = Math.max(first, lastInView(extent, place, spare * this.#rowPx))
    const shown: RowLine[] = []
    for (let index = first; index < end; index++) {
      if (this.#isHidden(index)) continue
      const [pos, line, previous] = [lines.posAt(index), lines.at(index), lines.at(index - 1)]
      shown.push({ index, pos, line, previous, chip: this.#folds?.chipOf(index) ?? null })
    }
    const changed = this.#pool.show(shown, this.#context())
    let above = place.off
    for (let index = first; index < place.pos; index++) above += extent.heightOf(index)
    sheet.style.transform = `translateY(${top - above}px)`
    tail.hidden = end < extent.end
    return changed
  }

  /** Takes the heights of rows that were filled; true when one was not what was counted with. */
  measure(changed: readonly LogRow[]): boolean {
    const context = this.#context()
    let isOther = false
    for (const { index, line, element, hasChip, beginsDay, hangsOnOthers } of changed) {
      if (line === undefined) continue
      if (hangsOnOthers) this.#heights.forget(index)
      const isOpen = this.#heights.isOpen(index, line, hasChip || hasExtras(line, context))
      if ((isOpen || beginsDay) && this.#heights.measured(index, line, element.offsetHeight))
        isOther = true
      this.#heights.count(this.#heights.heightOf(index, line))
    }
    return isOther
  }

  /** Shows which lines are selected, and which somebody has marked for everybody. */
  mark(selected: LineRange | null, marked: ReadonlySet<number>): void {
    for (const { pos, element } of this.#pool.rows) {
      const isSelected =
        pos !== null && selected !== null && pos >= selected.from && pos <= selected.to
      if (element.classList.contains('selected') !== isSelected) {
        element.classList.toggle('selected', isSelected)
      }
      const isMarked = pos !== null && marked.has(pos)
      if (element.classList.contains('marked') !== isMarked) showMark(element, isMarked)
    }
  }

  showPartials(partials: Iterable<PartialEvent>): void {
    const { tail } = this.#options
    const context = this.#context()
    tail.replaceChildren(...[...partials].map((event) => createPartialRow(event, context)))
    this.#tailPx = tail.offsetHeight + footPx
  }

  #context(): RowContext {
    return { ...this.#options.context, columns: this.#columns, folds: this.#folds }
  }

  #isHidden(index: number): boolean {
    return this.#folds?.isHidden(index) === true
  }

  #fold(): void {
    const canFold = this.#options.isFolding() && hasWhatFolds(this.#lines)
    if (!canFold) this.#folds = null
    else this.#folds ??= this.#newFolds()
  }

  #newFolds(): LineFolds | null {
    const folds = this.#createFolds?.(this.#lines) ?? null
    const sought = this.#sought === null ? null : this.#lines.indexOf(this.#sought)
    if (sought !== null) folds?.reveal(sought)
    return folds
  }
}

/** Filters that leave lines in whole stretches, not each by what it holds. */
const stretches: ReadonlySet<string> = new Set(['task', 'host', 'channel', 'since', 'until'])

/** Whoever has asked for lines by what they hold sees each of them. */
function hasWhatFolds({ fields }: LineSequence): boolean {
  return Object.keys(fields ?? {}).every((name) => stretches.has(name))
}

function showMark(element: HTMLElement, isMarked: boolean): void {
  element.classList.toggle('marked', isMarked)
  if (isMarked) element.setAttribute('aria-description', text.value.marked)
  else element.removeAttribute('aria-description')
}
