/** Between the text nodes of drawn rows and the columns of their lines. */
import type { TextPoint } from './text-selection.ts'

/** The line and column under a point of the screen; null beside all rows. */
export function pointAt(layer: HTMLElement, x: number, y: number): TextPoint | null {
  const rows = [...layer.querySelectorAll<HTMLElement>('.row')]
  const row = rows.find((one) => {
    const { top, bottom } = one.getBoundingClientRect()
    return y >= top && y < bottom
  })
  if (row === undefined) return null
  const pos = Number(row.dataset['pos'])
  const body = row.querySelector<HTMLElement>('.row-text')
  if (body === null || x < body.getBoundingClientRect().left) return { pos, column: 0 }
  const caret = caretAt(x, y)
  const isWithin = caret !== null && body.contains(caret.node)
  return { pos, column: isWithin ? columnOf(body, caret.node, caret.offset) : lengthOf(body) }
}

function caretAt(x: number, y: number): { readonly node: Node; readonly offset: number } | null {
  if ('caretPositionFromPoint' in document) {
    const caret = document.caretPositionFromPoint(x, y)
    return caret === null ? null : { node: caret.offsetNode, offset: caret.offset }
  }
  return null
}

/** Text nodes of a row's text, in order. */
export function textsIn(body: HTMLElement): Text[] {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  const texts: Text[] = []
  while (walker.nextNode()) if (walker.currentNode instanceof Text) texts.push(walker.currentNode)
  return texts
}

const lengthOf = (body: HTMLElement): number =>
  textsIn(body).reduce((sum, text) => sum + text.length, 0)

function columnOf(body: HTMLElement, node: Node, offset: number): number {
  let column = 0
  for (const text of textsIn(body)) {
    if (text === node) return column + offset
    const isBefore = (node.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_PRECEDING) !== 0
    // Of an element the offset counts children: those before it are whole.
    const isCounted =
      node.contains(text) &&
      [...node.childNodes].slice(0, offset).some((child) => child.contains(text))
    if (isBefore || isCounted) column += text.length
  }
  return column
}

/** The part of a row's text between two columns; `to` null for all up to its end. */
export function rangeOf(body: HTMLElement, from: number, to: number | null): Range {
  const range = document.createRange()
  range.selectNodeContents(body)
  let column = 0
  for (const text of textsIn(body)) {
    const end = column + text.length
    if (from >= column && from <= end) range.setStart(text, from - column)
    if (to !== null && to >= column && to <= end) {
      range.setEnd(text, to - column)
      break
    }
    column = end
  }
  return range
}
