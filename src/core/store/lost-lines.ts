/** Lines that are gone, as rows that say so: positions stay what they are, and nothing goes silently. */
import { limits } from '../../shared/limits.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'

/**
 * A row with `text` for each position from `from` to before `next`, of a large hole only the first
 * `lostLinesMax`: the next read goes on in it. Whose lines they were, and when, is gone with them.
 */
export function lostLines(from: number, next: number, text: string): PlacedGroup[] {
  const groups: PlacedGroup[] = []
  const to = Math.min(next, from + lostLinesMax)
  for (let pos = from; pos < to; pos += limits.batchLinesMax) {
    const count = Math.min(limits.batchLinesMax, to - pos)
    groups.push({ ...lostHead, pos, count, bytes: encoder.encode(`${text}\n`.repeat(count)) })
  }
  return groups
}

/** Rows that stand for lost lines in one read. */
export const lostLinesMax: number = 16 * limits.batchLinesMax

const lostHead = { task: 0, channel: 'note', time: 0, end: 'newline', damaged: true } as const

const encoder = new TextEncoder()
