/** Marked lines as rows. */
import type { Mark } from '../../shared/mark.ts'
import type { SqlRow } from './driver.ts'

/** By the id of the run. */
export const marksSql: string =
  'SELECT pos, time, author FROM marks JOIN runs ON number = run WHERE id = ? ORDER BY pos'

export function marksOf(rows: readonly SqlRow[]): readonly Mark[] {
  return rows.map(({ pos, time, author }) => ({
    pos: Number(pos),
    time: String(time),
    ...(typeof author === 'string' && { by: author }),
  }))
}
