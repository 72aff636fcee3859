/** One row of the log as elements that are filled again and again, with one line after another. */
import { displayText } from '../../../shared/display.ts'
import { noteKind } from '../../../shared/note.ts'
import type { PartialEvent, WireLine } from '../../../shared/protocol/events.ts'
import { formatBytes } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { iconElement } from '../../ui/icon.tsx'
import { noteIcon } from '../runs/tones.ts'
import type { FoldChip, LineFolds } from './line-folds.ts'
import { cellsOf, drawnCharsMax, drawnRowsMax } from './row-cells.ts'
import { fillSpans } from './row-spans.ts'

/** What the rows of one run have in common. */
export interface RowContext {
  /** Host of a task, or null when the run has only one. */
  hostOf(task: number): string | null
  isExpanded(pos: number): boolean
  /** The time of a line as the reader wants to see it; empty for none. */
  timeOf(line: WireLine, previous: WireLine | undefined): string
  /** The day that begins with a line, in words; empty for none. */
  newDay(line: WireLine, previous: WireLine | undefined): string
  /** Cells of a row when long lines are wrapped, else null. */
  readonly columns: number | null
  /** Links in the output can be followed. */
  hasLinks(): boolean
  /** Null while nothing is folded. */
  readonly folds: LineFolds | null
}

/** A line and what stands above it: a host is not written twice. */
export interface RowLine {
  /** Its place in what is scrolled. */
  readonly index: number
  /** Null while it is not known. */
  readonly pos: number | null
  /** Undefined while it is not here yet. */
  readonly line: WireLine | undefined
  readonly previous: WireLine | undefined
  /** Of the line above frames. */
  readonly chip: FoldChip | null
}

export class LogRow {
  readonly element: HTMLElement = createElement('div', 'row')
  readonly #host = createElement('span', 'row-host')
  readonly #file = createElement('span', 'row-file')
  readonly #time = createElement('span', 'row-time')
  readonly #error = createElement('span', 'hidden-visually')
  readonly #text = createElement('span', 'row-text')
  readonly #day = createElement('span', 'row-day')
  #pos: number | null = null
  #index = -1
  #shown: RowLine | null = null
  /** Which of the parts stand in the row. */
  #parts = ''
  #hasExtras = false
  #chip: HTMLElement | null = null

  constructor() {
    this.element.setAttribute('role', 'listitem')
    this.element.dir = 'ltr'
  }

  /** Position of the line that it shows. */
  get pos(): number | null {
    return this.#pos
  }

  /** Of the line that it shows or, forgotten, has shown: so that it stays the row of this line. */
  get index(): number {
    return this.#index
  }

  get line(): WireLine | undefined {
    return this.#shown?.line
  }

  get hasChip(): boolean {
    return this.#shown?.chip !== null
  }

  /** The day stands above it. */
  get beginsDay(): boolean {
    return this.#day.parentNode !== null
  }

  /** Its height hangs on other lines than its own. */
  get hangsOnOthers(): boolean {
    return this.hasChip || this.beginsDay || this.#shown?.previous === undefined
  }

  /** Makes the next `fill` draw it anew. */
  forget(): void {
    this.#shown = null
  }

  /** True when something has changed. */
  fill(next: RowLine, context: RowContext): boolean {
    if (this.#shown !== null && isSame(this.#shown, next)) return false
    this.#shown = next
    this.#index = next.index
    const { line, pos } = next
    this.#setPos(pos)
    if (line === undefined) this.#fillPlaceholder()
    else if (line.channel === 'note') this.#fillNote(line, context)
    else this.#fillLine(line, next, context)
    this.#fillDay(line === undefined ? '' : context.newDay(line, next.previous))
    return true
  }

  #fillDay(day: string): void {
    this.#day.remove()
    if (day === '') return
    setText(this.#day, day)
    this.element.classList.add('new-day')
    this.element.prepend(this.#day)
  }

  #setPos(pos: number | null): void {
    if (pos === this.#pos) return
    this.#pos = pos
    if (pos === null) {
      delete this.element.dataset['pos']
      this.element.removeAttribute('aria-posinset')
    } else {
      this.element.dataset['pos'] = String(pos)
      this.element.setAttribute('aria-posinset', String(pos + 1))
    }
  }

  #fillPlaceholder(): void {
    this.element.className = 'row placeholder'
    this.#setParts('placeholder', () => [createElement('span', 'row-wait')])
  }

  #fillNote(line: WireLine, context: RowContext): void {
    const { icon, tone } = noteIcon(line.text)
    const isGap = noteKind(line.text) === 'gap'
    this.element.className = `row note host-${hostColor(line.task)}${isGap ? ' gap' : ''}`
    const mark = createElement('span', `note-icon tone-${tone}`)
    mark.append(iconElement(icon))
    const body = createElement('span', 'note-text')
    const host = context.hostOf(line.task)
    if (host !== null) body.append(createElement('b', 'note-host', displayText(host)), ' ')
    const said = text.value.note(line.text)
    body.append(displayText(said))
    // As the server wrote it, for whoever looks for that elsewhere.
    if (said !== line.text) body.title = displayText(line.text)
    this.#parts = 'note'
    this.element.replaceChildren(mark, body)
  }

  #fillLine(line: WireLine, { previous, chip }: RowLine, context: RowContext): void {
    const isError = line.channel === 'err'
    const marks = `${isError ? ' err' : ''}${chip === null ? '' : ' has-fold'}`
    this.element.className = `row host-${hostColor(line.task)}${marks}`
    const host = context.hostOf(line.task)
    if (host !== null) {
      const isSame = previous?.task === line.task && previous.channel !== 'note'
      setText(this.#host, displayText(host))
      this.#host.className = isSame ? 'row-host same' : 'row-host'
    }
    if (line.file !== undefined) fillFile(this.#file, line.file, previous?.file)
    setText(this.#time, context.timeOf(line, previous))
    if (isError) setText(this.#error, `${text.value.stderr}: `)
    fillBody(this.#text, line, { context, hadExtras: this.#hasExtras })
    this.#hasExtras = hasExtras(line, context)
    const hasFile = line.file !== undefined
    const button = chip === null ? null : this.#fillChip(chip, context)
    this.#setParts(`${host !== null} ${hasFile} ${isError} ${chip !== null}`, () => [
      ...(host === null ? [] : [this.#host]),
      ...(hasFile ? [this.#file] : []),
      this.#time,
      ...(isError ? [this.#error] : []),
      this.#text,
      ...(button === null ? [] : [button]),
    ])
  }

  #fillChip(chip: FoldChip, { folds }: RowContext): HTMLElement {
    this.#chip ??= createElement('button', 'row-fold')
    this.#chip.dataset['action'] = 'fold'
    folds?.fill(this.#chip, chip)
    return this.#chip
  }

  #setParts(parts: string, create: () => readonly HTMLElement[]): void {
    if (parts === this.#parts) return
    this.#parts = parts
    this.element.replaceChildren(...create())
  }
}

function isSame(one: RowLine, other: RowLine): boolean {
  if (one.index !== other.index || one.line !== other.line) return false
  if (one.previous !== other.previous) return false
  return one.chip?.frames === other.chip?.frames && one.chip?.isOpen === other.chip?.isOpen
}

/** The unfinished last line of a channel, below all whole ones. */
export function createPartialRow(event: PartialEvent, context: RowContext): HTMLElement {
  const row = createElement('div', `row partial host-${hostColor(event.task)}`)
  if (event.channel === 'err') row.classList.add('err')
  const host = context.hostOf(event.task)
  if (host !== null) row.append(createElement('span', 'row-host', displayText(host)))
  row.append(createElement('span', 'row-time'))
  const body = createElement('span', 'row-text')
  fillSpans(body, event.text, context.hasLinks())
  const caret = createElement('span', 'row-caret')
  caret.setAttribute('role', 'img')
  caret.setAttribute('aria-label', text.value.partial)
  body.append(caret)
  row.append(body)
  return row
}

/** Eight colours by the order of the tasks; from the ninth on they repeat and the name decides. */
export function hostColor(task: number): number {
  return (task % 8) + 1
}

/** More than the text stands in the row, so that its height is measured. */
export function hasExtras(line: WireLine, context: RowContext): boolean {
  const hasMarks = line.end !== undefined || line.bytes !== undefined
  return hasMarks || line.file !== undefined || charsDrawn(line, context) !== null
}

/** The end of the path, as that tells files apart; all of it is in the title. */
function fillFile(element: HTMLElement, file: string, previous: string | undefined): void {
  const whole = displayText(file)
  setText(element, /[^/]*\/*$/.exec(whole)?.[0] ?? whole)
  element.className = file === previous ? 'row-file same' : 'row-file'
  element.title = whole
}

/** How much of a long line is drawn; null for all. One that is too long for a row is shown elsewhere. */
function charsDrawn(line: WireLine, context: RowContext): number | null {
  if (context.isExpanded(line.pos) && !isLong(line)) return null
  const { columns } = context
  const isTall = columns !== null && cellsOf(line).count > columns * drawnRowsMax
  if (!isTall) return isLong(line) ? drawnCharsMax : null
  // Escape sequences take characters and no cells, so that as many characters are never too few.
  return Math.min(drawnCharsMax, columns * drawnRowsMax)
}

const isLong = ({ text: all }: WireLine): boolean => all.length > drawnCharsMax

interface BodyParts {
  readonly context: RowContext
  readonly hadExtras: boolean
}

function fillBody(body: HTMLElement, line: WireLine, { context, hadExtras }: BodyParts): void {
  if (hadExtras) body.replaceChildren()
  const chars = charsDrawn(line, context)
  fillSpans(body, chars === null ? line.text : line.text.slice(0, chars), context.hasLinks())
  if (chars !== null) {
    const size = formatBytes(line.bytes ?? line.text.length)
    const more = createElement('button', 'row-more', text.value.showAll(size))
    more.dataset['action'] = isLong(line) ? 'all' : 'row'
    body.append(' ', more)
  }
  if (line.end !== undefined) body.append(createEndMark(line.end))
}

function createEndMark(end: 'continued' | 'unterminated'): HTMLElement {
  const mark = createElement('span', 'row-mark', end === 'continued' ? '\u21a9' : '\u2205')
  mark.setAttribute('role', 'img')
  mark.setAttribute('aria-label', text.value[end])
  mark.title = text.value[end]
  return mark
}

/** The text node is kept: it changes with every line. */
function setText(element: HTMLElement, content: string): void {
  const node = element.firstChild
  if (!(node instanceof Text)) element.textContent = content
  else if (node.data !== content) node.data = content
}

function createElement(tag: string, className: string, content = ''): HTMLElement {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  if (content !== '') element.textContent = content
  return element
}
