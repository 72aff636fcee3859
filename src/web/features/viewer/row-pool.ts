/**
 * The rows that exist as elements. Scrolling by one row moves one of them from one end to the other
 * and fills it anew: order in the document stays reading order, and few nodes change.
 */
import { LogRow, type RowContext, type RowLine } from './log-row.ts'

export interface RowPool {
  /** Makes the rows those of the lines `first` to `end`; gives those that have changed. */
  show(stretch: Stretch, lineOf: (index: number) => RowLine, context: RowContext): readonly LogRow[]
  /** Those of the last `show`, in order. */
  readonly rows: readonly LogRow[]
  /** How rows look has changed. */
  forget(): void
}

export interface Stretch {
  readonly first: number
  readonly end: number
}

export function createRowPool(layer: HTMLElement): RowPool {
  const rows: LogRow[] = []
  let shownFirst = 0

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
    show({ first, end }, lineOf, context) {
      resize(end - first)
      rotate(first - shownFirst)
      shownFirst = first
      return rows.filter((row, at) => row.fill(lineOf(first + at), context))
    },
    rows,
    forget() {
      for (const row of rows) row.forget()
    },
  }
}
