/** A very long text cut into the rows of a grid of cells, as a terminal would break it. Pure, linear time. */

/** Characters that may take two cells: those of East Asian scripts and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/
/** Cells of a character outside of the first 65,536. */
const astralCells = 2
const tabCells = 8

/** Offsets at which rows begin; no row is wider than so many cells, and no character is cut in two. */
export function rowStarts(text: string, columns: number): readonly number[] {
  const starts = [0]
  let cells = 0
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0
    const units = code > 0xffff ? 2 : 1
    const width = widthOf(code, cells)
    if (cells > 0 && cells + width > columns) {
      starts.push(at)
      cells = 0
    }
    cells += width
    at += units
  }
  return starts
}

function widthOf(code: number, cells: number): number {
  if (code === 0x09) return tabCells - (cells % tabCells)
  if (code < 0x1100) return 1
  if (code > 0xffff) return astralCells
  return wide.test(String.fromCharCode(code)) ? 2 : 1
}
