/** Paints hits as elements within the rows, for browsers that cannot paint ranges. Loaded by these alone. */
import { textsIn } from '../viewer/row-columns.ts'
import type { HitPainter, PaintedRow } from './hit-marks.ts'
import type { HitPlace } from './hit-places.ts'

/** What a row shows already is left as it is: it may be where the reader selects text. */
export function createMarkPainter(): HitPainter {
  let painted = new Map<HTMLElement, string>()

  return {
    paint(rows) {
      const before = painted
      painted = new Map()
      for (const { body, places, isCurrent } of rows) {
        const key = JSON.stringify([isCurrent, places, body.textContent])
        const isThere = before.get(body) === key && marksIn(body).length > 0
        if (!isThere) {
          unmark(body)
          markPlaces(body, places, isCurrent)
        }
        before.delete(body)
        if (places.length > 0) painted.set(body, key)
      }
      for (const body of before.keys()) unmark(body)
    },
    clear() {
      for (const body of painted.keys()) unmark(body)
      painted = new Map()
    },
  }
}

function marksIn(body: HTMLElement): readonly Element[] {
  return [...body.querySelectorAll('mark')]
}

function unmark(body: HTMLElement): void {
  for (const mark of marksIn(body)) mark.replaceWith(...mark.childNodes)
  body.normalize()
}

/** A hit that reaches over several text nodes, as over a change of colour, is several marks. */
function markPlaces(body: HTMLElement, places: PaintedRow['places'], isCurrent: boolean): void {
  if (places.length === 0) return
  let column = 0
  for (const node of textsIn(body)) {
    const start = column
    column += node.length
    const own = places.filter(({ from, to }) => from < start + node.length && to > start)
    if (own.length > 0) node.replaceWith(...piecesOf(node.data, start, { own, isCurrent }))
  }
}

interface Own {
  readonly own: readonly HitPlace[]
  readonly isCurrent: boolean
}

function piecesOf(text: string, start: number, { own, isCurrent }: Own): readonly Node[] {
  const pieces: Node[] = []
  let at = 0
  for (const { from, to } of own) {
    const [begin, end] = [Math.max(from - start, at), Math.min(to - start, text.length)]
    if (begin > at) pieces.push(document.createTextNode(text.slice(at, begin)))
    const mark = document.createElement('mark')
    mark.className = isCurrent ? 'log-hit-on' : 'log-hit'
    mark.textContent = text.slice(begin, end)
    pieces.push(mark)
    at = end
  }
  if (at < text.length) pieces.push(document.createTextNode(text.slice(at)))
  return pieces
}
