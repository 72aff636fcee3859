/** How high each line is drawn: by arithmetic in the grid of cells, measured where that cannot tell. */
import type { WireLine } from '../../../shared/protocol/events.ts'
import { cellsOf, rowsOf } from './row-cells.ts'

/** The grid that lines are drawn in. */
export interface Grid {
  readonly linePx: number
  /** Cells of a row when long lines are wrapped, else null. */
  readonly columns: number | null
  /** Everything stands in one column, host and time before the text: each row is measured. */
  readonly isNarrow: boolean
}

export interface RowHeights {
  /** Another width or font: forgets what was measured. */
  use(grid: Grid): void
  heightOf(pos: number, line: WireLine | undefined): number
  /** The row must be measured once it is drawn. */
  isOpen(pos: number, line: WireLine | undefined, hasExtras: boolean): boolean
  /** Takes a measured height; true when it is not what was counted with. */
  measured(pos: number, line: WireLine, px: number): boolean
  /** The text of a line, or what is drawn of it, has changed. */
  forget(pos?: number): void
  /** Mean height of the lines that were drawn. */
  readonly meanPx: number
  /** A line was drawn. */
  count(px: number): void
}

/** Measured heights that are remembered; what is farther away is measured again when it is drawn. */
const measuredMax = 20_000
const notePx = 10
/** The mean follows what was drawn last. */
const meanLinesMax = 2_000

export function createRowHeights(): RowHeights {
  const known = new Map<number, number>()
  let grid: Grid = { linePx: 20, columns: null, isNarrow: false }
  let mean = { px: 20, lines: 0 }

  const guess = (line: WireLine | undefined): number => {
    if (line === undefined) return grid.linePx
    if (line.channel === 'note') return grid.linePx + notePx
    if (grid.columns === null) return grid.linePx
    return rowsOf(cellsOf(line).count, grid.columns) * grid.linePx
  }

  return {
    use(next) {
      grid = next
      mean = { px: next.linePx, lines: 0 }
      known.clear()
    },
    heightOf: (pos, line) => known.get(pos) ?? guess(line),
    isOpen(pos, line, hasExtras) {
      if (line === undefined || known.has(pos)) return false
      if (line.channel === 'note' || grid.isNarrow) return true
      return grid.columns !== null && (hasExtras || !cellsOf(line).isExact)
    },
    measured(pos, line, px) {
      const before = known.get(pos) ?? guess(line)
      if (known.size >= measuredMax) known.clear()
      known.set(pos, px)
      return before !== px
    },
    forget(pos) {
      if (pos === undefined) known.clear()
      else known.delete(pos)
    },
    get meanPx() {
      return mean.px
    },
    count(px) {
      const lines = Math.min(mean.lines + 1, meanLinesMax)
      mean = { px: mean.px + (px - mean.px) / lines, lines }
    },
  }
}
