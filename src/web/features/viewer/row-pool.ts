/**
 * The rows that exist as elements. Scrolling by one row moves one of them from one end to the other
 * and fills it anew: order in the document stays reading order, and few nodes change.
 */
import { LogRow, type RowContext, type RowLine } from './log-row.ts'

export interface RowPool {
  /** Makes the rows those of these lines, in order; gives those that have changed. */
  show(lines: readonly RowLine[], context: RowContext): readonly LogRow[]
  /** Those of the last `show`, in order. */
  readonly rows: readonly LogRow[]
  /** How rows look has changed. */
  forget(): void
}

export function createRowPool(layer: HTMLElement): RowPool {
  const rows: LogRow[] = []

  function resize(count: number): void {
    while (rows.length > count) rows.pop()?.element.remove()
    const added: HTMLElement[] = []
    while (rows.length < count) {
      const row = new LogRow()
      rows.push(row)
      added.push(row.element)
    }
    layer.append(...added)
  }

  /** By how many rows the first line has moved up, or down when it is less than 0. */
  function shiftTo(lines: readonly RowLine[]): number {
    const index = lines[0]?.index
    const shown = rows[0]?.index
    if (shown === undefined || index === undefined || index === shown) return 0
    if (index < shown) return -lines.findIndex((line) => line.index >= shown)
    return rows.findIndex((row) => row.index >= index)
  }

  /** Rows that leave at one end come back at the other. */
  function rotate(by: number): void {
    if (by === 0 || Math.abs(by) >= rows.length) return
    const moved = by > 0 ? rows.splice(0, by) : rows.splice(by)
    const elements = moved.map(({ element }) => element)
    if (by > 0) {
      rows.push(...moved)
      layer.append(...elements)
    } else {
      rows.unshift(...moved)
      layer.prepend(...elements)
    }
  }

  return {
    show(lines, context) {
      resize(lines.length)
      rotate(shiftTo(lines))
      return rows.filter((row, at) => {
        const line = lines[at]
        return line !== undefined && row.fill(line, context)
      })
    },
    rows,
    forget() {
      for (const row of rows) row.forget()
    },
  }
}
