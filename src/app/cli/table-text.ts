/** Rows for people at a terminal. Others have written what stands in them: no cell can move its cursor. */
import { displayText } from '../../shared/display.ts'

/** Aligned columns. Those that are empty in every row are left out. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const texts = rows.map((row) => row.map(displayText))
  const widths = (texts[0] ?? []).map((_, at) =>
    Math.max(...texts.map((row) => row[at]?.length ?? 0)),
  )
  return texts
    .map((row) =>
      row.flatMap((cell, at) => (widths[at] === 0 ? [] : [cell.padEnd(widths[at] ?? 0)])),
    )
    .map((cells) => `${cells.join('  ').trimEnd()}\n`)
    .join('')
}

/** The same below titles; a title alone is no reason to show a column. Nothing without any row. */
export function headedText(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return ''
  const shown = titles.map((_, at) => rows.some((row) => row[at] !== ''))
  return tableText([titles, ...rows].map((row) => row.filter((_, at) => shown[at])))
}

/** Names, and beside each what belongs to it. Further lines of a text stand under its first. */
export function factsText(facts: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.max(...facts.map(([name]) => displayText(name).length)) + 2
  const under = `\n${' '.repeat(width)}`
  return facts
    .map(([name, text]) => [
      displayText(name).padEnd(width),
      text.trimEnd().split('\n').map(displayText).join(under),
    ])
    .map((cells) => `${cells.join('')}\n`)
    .join('')
}
