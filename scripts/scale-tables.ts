/** The tables of docs/operate/scale.md, which the scale model makes from bench/baseline.json. */
import { join } from 'node:path'
import { type ScaleTable, scaleTables } from '../bench/scale/tables.ts'
import { readReport } from '../bench/support/report.ts'

/** Replaces what stands between each pair of marks of the page. */
export function withScaleTables(page: string, root: string): string {
  const path = join(root, 'bench/baseline.json')
  const report = readReport(path)
  if (report === undefined) throw new Error(`${path} is missing.`)
  const tables: Readonly<Record<ScaleTable, string>> = scaleTables(report)
  return Object.entries(tables).reduce((text, [name, table]) => {
    const marks = new RegExp(`(<!-- scale:${name} -->\\n).*?(\\n<!-- /scale -->)`, 's')
    if (!marks.test(text)) throw new Error(`The page has no place for the table "${name}".`)
    return text.replace(marks, (_, begin: string, end: string) => `${begin}${table}${end}`)
  }, page)
}
