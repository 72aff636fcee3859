/** The lines that are selected: the line cursor, and all up to the other end. */
import type { RunModel } from '../runs/run-model.ts'

export interface LineRange {
  readonly from: number
  /** Inclusive. */
  readonly to: number
}

export function selectedRange({
  selected,
  anchor,
}: Pick<RunModel, 'selected' | 'anchor'>): LineRange | null {
  const cursor = selected.value
  if (cursor === null) return null
  const other = anchor.value ?? cursor
  return { from: Math.min(cursor, other), to: Math.max(cursor, other) }
}
