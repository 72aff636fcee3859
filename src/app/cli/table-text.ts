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
