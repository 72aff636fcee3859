/** Text selected in the log, as places in its lines: rows come and go, the selection stays. Pure functions. */

import { stripAnsi } from '../../../shared/ansi.ts'
import { displayLine, lastState } from '../../../shared/display.ts'

/** A place between two characters of a line as it is drawn. */
export interface TextPoint {
  readonly pos: number
  readonly column: number
}

/** From where the mouse was pressed to where it is. */
export interface TextSelection {
  readonly anchor: TextPoint
  readonly focus: TextPoint
}

/** The two ends in reading order. */
export function orderedEnds({ anchor, focus }: TextSelection): readonly [TextPoint, TextPoint] {
  const isForward =
    anchor.pos < focus.pos || (anchor.pos === focus.pos && anchor.column <= focus.column)
  return isForward ? [anchor, focus] : [focus, anchor]
}

/** Which columns of a line are selected; `to` is null for all up to its end. Null for none. */
export function columnsIn(
  selection: TextSelection,
  pos: number,
): { readonly from: number; readonly to: number | null } | null {
  const [start, end] = orderedEnds(selection)
  if (pos < start.pos || pos > end.pos) return null
  return { from: pos === start.pos ? start.column : 0, to: pos === end.pos ? end.column : null }
}

/** The word at a column of a drawn line: letters, digits and what stands within names and paths. */
export function wordAt(
  drawn: string,
  column: number,
): { readonly from: number; readonly to: number } {
  const isWord = (at: number): boolean => /[\p{L}\p{N}_./:@-]/u.test(drawn[at] ?? '')
  let from = column
  let to = column
  while (from > 0 && isWord(from - 1)) from--
  while (to < drawn.length && isWord(to)) to++
  return { from, to: Math.max(to, Math.min(from + 1, drawn.length)) }
}

/** The line as it is drawn. */
export function drawnText(line: string): string {
  return displayLine(line)
    .map(({ text }) => text)
    .join('')
}

/** What is copied of a line: its own characters, also where a token is drawn for one of them; no colours. */
export function copiedText(line: string, from: number, to: number | null): string {
  const plain = stripAnsi(lastState(line))
  let copied = ''
  let column = 0
  let at = 0
  for (const span of displayLine(line)) {
    const drawnEnd = column + span.text.length
    const length = span.kind === 'control' ? controlLength(plain, at) : span.text.length
    const first = Math.max(from, column)
    const last = Math.min(to ?? drawnEnd, drawnEnd)
    if (span.kind === 'text' && first < last) {
      copied += plain.slice(at + first - column, at + last - column)
    } else if (span.kind === 'control' && first < last) copied += plain.slice(at, at + length)
    column = drawnEnd
    at += length
  }
  return copied
}

/** A token stands for one character, which may be a pair of surrogates. */
function controlLength(plain: string, at: number): number {
  return (plain.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}
