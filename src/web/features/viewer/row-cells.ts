/** How many rows of a terminal a line takes: by arithmetic where every character is one cell wide. */

import { stripAnsi } from '../../../shared/ansi.ts'
import { lastState } from '../../../shared/display.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'

/** Characters of a line that are drawn before somebody asks for all of them. */
export const drawnCharsMax = 16_384
/** Rows of a wrapped line that are drawn before somebody asks for all of them. */
export const drawnRowsMax = 10

export interface Cells {
  /** Cells that the line takes. */
  readonly count: number
  /** False when a character may be wider or narrower than a cell: then the row is measured. */
  readonly isExact: boolean
}

const known = new WeakMap<WireLine, Cells>()

/** The cells of a line's text as it is drawn. Each line is looked at once. */
export function cellsOf(line: WireLine): Cells {
  let cells = known.get(line)
  if (cells === undefined) {
    const shown = stripAnsi(lastState(line.text.slice(0, drawnCharsMax)))
    // Where a link leads is written beside its text.
    const isExact = onlyCells.test(shown) && !line.text.includes(']8;')
    cells = { count: shown.length, isExact }
    known.set(line, cells)
  }
  return cells
}

// Printable ASCII. A tab is as wide as its place wants; others depend on the font.
const onlyCells = /^[\u0020-\u007e]*$/

/** Rows that so many cells take, broken at the column; an empty line takes one. */
export function rowsOf(count: number, columns: number): number {
  return Math.max(1, Math.ceil(count / Math.max(1, columns)))
}
