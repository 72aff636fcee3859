/** One line of the log as elements. Only text nodes and spans: output is never read as markup. */
import type { AnsiColor, AnsiStyle } from '../../../shared/ansi.ts'
import { displayLine, displayText } from '../../../shared/display.ts'
import { noteKind } from '../../../shared/note.ts'
import type { PartialEvent, WireLine } from '../../../shared/protocol/events.ts'
import { clockTime, formatBytes } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { iconElement } from '../../ui/icon.tsx'
import { noteIcon } from '../runs/tones.ts'

/** What the rows of one run have in common. */
export interface RowContext {
  /** Host of a task, or null when the run has only one. */
  hostOf(task: number): string | null
  /** Address of the exact bytes of a line's channel. */
  rawAddress(line: WireLine): string
  isExpanded(pos: number): boolean
}

/** Characters of a line that are drawn before somebody asks for all of them. */
const rowCharsMax = 16_384

/** The row of a line; `previous` is the line above it, whose host is not written again. */
export function createRow(
  line: WireLine,
  previous: WireLine | undefined,
  context: RowContext,
): HTMLElement {
  if (line.channel === 'note') return createNote(line, context)
  const row = createElement('div', `row host-${hostColor(line.task)}`)
  if (line.channel === 'err') row.classList.add('err')
  markItem(row, line.pos)
  const host = context.hostOf(line.task)
  if (host !== null) {
    const isSame = previous?.task === line.task && previous.channel !== 'note'
    row.append(createElement('span', isSame ? 'row-host same' : 'row-host', displayText(host)))
  }
  if (line.file !== undefined) row.append(createFile(line.file, previous?.file))
  row.append(createElement('span', 'row-time', clockTime(line.time)))
  const body = createElement('span', 'row-text')
  if (line.channel === 'err') {
    body.append(createElement('span', 'hidden-visually', `${text.value.stderr}: `))
  }
  appendText(body, line, context)
  row.append(body)
  return row
}

/** The unfinished last line of a channel, below all whole ones. */
export function createPartialRow(event: PartialEvent, context: RowContext): HTMLElement {
  const row = createElement('div', `row partial host-${hostColor(event.task)}`)
  if (event.channel === 'err') row.classList.add('err')
  const host = context.hostOf(event.task)
  if (host !== null) row.append(createElement('span', 'row-host', displayText(host)))
  row.append(createElement('span', 'row-time'))
  const body = createElement('span', 'row-text')
  appendSpans(body, event.text)
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

/** The end of the path, as that tells files apart; all of it is in the title. */
function createFile(file: string, previous: string | undefined): HTMLElement {
  const whole = displayText(file)
  const end = /[^/]*\/*$/.exec(whole)?.[0] ?? whole
  const element = createElement('span', file === previous ? 'row-file same' : 'row-file', end)
  element.title = whole
  return element
}

function createNote(line: WireLine, context: RowContext): HTMLElement {
  const { icon, tone } = noteIcon(line.text)
  const row = createElement('div', `row note host-${hostColor(line.task)}`)
  if (noteKind(line.text) === 'gap') row.classList.add('gap')
  markItem(row, line.pos)
  const mark = createElement('span', `note-icon tone-${tone}`)
  mark.append(iconElement(icon))
  const body = createElement('span', 'note-text')
  const host = context.hostOf(line.task)
  if (host !== null) body.append(createElement('b', 'note-host', displayText(host)), ' ')
  body.append(displayText(text.value.note(line.text)))
  row.append(mark, body)
  return row
}

function appendText(body: HTMLElement, line: WireLine, context: RowContext): void {
  const isLong = line.text.length > rowCharsMax && !context.isExpanded(line.pos)
  appendSpans(body, isLong ? line.text.slice(0, rowCharsMax) : line.text)
  const size = formatBytes(line.bytes ?? line.text.length)
  if (isLong) {
    const more = createElement('button', 'row-more', text.value.showAll(size))
    more.dataset['action'] = 'expand'
    body.append(' ', more)
  } else if (line.bytes !== undefined) {
    const raw = document.createElement('a')
    raw.className = 'row-more'
    raw.href = context.rawAddress(line)
    raw.setAttribute('download', '')
    raw.textContent = text.value.rawOf(size)
    body.append(' ', raw)
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

function appendSpans(parent: HTMLElement, line: string): void {
  for (const span of displayLine(line)) {
    if (span.kind === 'text' && span.style === null) {
      parent.append(span.text)
      continue
    }
    const element = createElement('span', '', span.text)
    if (span.kind === 'control') element.classList.add('control')
    if (span.style !== null) applyStyle(element, span.style)
    parent.append(element)
  }
}

const marks = ['bold', 'dim', 'italic', 'underline', 'inverse', 'strike'] as const

function applyStyle(element: HTMLElement, style: AnsiStyle): void {
  for (const mark of marks) if (style[mark]) element.classList.add(mark)
  applyColor(element, 'fg', style.fg)
  applyColor(element, 'bg', style.bg)
}

/** Named colours are classes of a closed set, so that the theme decides; fixed ones are properties. */
function applyColor(element: HTMLElement, part: 'fg' | 'bg', color: AnsiColor | null): void {
  if (color === null) return
  if (color.kind === 'named') {
    element.classList.add(`${part}-${color.index}`)
    return
  }
  element.classList.add(`${part}-rgb`)
  element.style.setProperty(`--${part}`, `rgb(${color.red} ${color.green} ${color.blue})`)
}

function markItem(row: HTMLElement, pos: number): void {
  row.dataset['pos'] = String(pos)
  row.setAttribute('role', 'listitem')
  row.setAttribute('aria-posinset', String(pos + 1))
  row.setAttribute('aria-setsize', '-1')
  row.dir = 'ltr'
}

function createElement(tag: string, className: string, content = ''): HTMLElement {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  if (content !== '') element.textContent = content
  return element
}
