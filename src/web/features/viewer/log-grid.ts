/** The grid of cells that the log is drawn in, as the browser lays it out now. */
import type { Grid } from './row-heights.ts'

/** Cells that are measured together: the width of one is a fraction of a pixel. */
const probeCells = 100
/** Fewer columns than this are not a grid: a row of one letter each helps nobody. */
const columnsMin = 20
const narrowPx = 640

/** Measures a row that is not seen: where its text begins, and how wide a cell is. */
export function measureGrid(scroller: HTMLElement, isWrapping: boolean): Grid {
  const style = getComputedStyle(scroller)
  const linePx = Number.parseFloat(style.getPropertyValue('--log-lh')) || 20
  const isNarrow = matchMedia(`(max-width: ${narrowPx}px)`).matches
  if (!isWrapping) return { linePx, columns: null, isNarrow: false }
  const { cellPx, textPx } = measureProbe(scroller, isNarrow)
  const columns = cellPx > 0 ? Math.floor(textPx / cellPx) : 0
  return { linePx, columns: Math.max(columnsMin, columns), isNarrow }
}

function measureProbe(
  scroller: HTMLElement,
  isNarrow: boolean,
): { readonly cellPx: number; readonly textPx: number } {
  const probe = document.createElement('div')
  // With a host, as without its colour a row has no border.
  probe.className = 'row row-probe host-1'
  const parts = ['row-host', 'row-time', 'row-text'].map((name) => {
    const part = document.createElement('span')
    part.className = name
    return part
  })
  const cells = document.createElement('span')
  cells.textContent = '0'.repeat(probeCells)
  cells.className = 'row-cells'
  parts.at(-1)?.append(cells)
  if (!scroller.classList.contains('has-hosts')) parts.shift()
  probe.append(...parts)
  scroller.append(probe)
  const cellPx = cells.getBoundingClientRect().width / probeCells
  const start = (isNarrow ? probe : (parts.at(-1) ?? probe)).getBoundingClientRect().left
  const left = scroller.getBoundingClientRect().left
  const { borderLeftWidth, paddingLeft, paddingRight } = getComputedStyle(probe)
  const before = Number.parseFloat(borderLeftWidth) + Number.parseFloat(paddingLeft)
  const inner = isNarrow ? before : 0
  probe.remove()
  const textPx = scroller.clientWidth - (start - left) - inner - Number.parseFloat(paddingRight)
  return { cellPx, textPx }
}
