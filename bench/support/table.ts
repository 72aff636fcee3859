/** The figures as a table in Markdown, which is also readable in a terminal. */
import type { Figure } from './claim.ts'

const columns = ['claim', 'what', 'median', 'unit', 'range', 'ratio to peer', 'bar'] as const

export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure, index) => [
    figure.claim === figures[index - 1]?.claim ? '' : figure.claim,
    figure.what,
    numberOf(figure.value),
    figure.unit,
    `${numberOf(Math.min(...figure.samples))} – ${numberOf(Math.max(...figure.samples))}`,
    figure.peer ? `${figure.peer.ratio.toFixed(2)} × ${figure.peer.what}` : '',
    figure.target ?? '',
  ])
  const all = [columns, ...rows]
  const widths = columns.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [line(columns), rule, ...rows.map(line)].join('\n')
}

function numberOf(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : 2
  return value.toLocaleString('en', { maximumFractionDigits: digits })
}
