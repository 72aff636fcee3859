/** The groups of a stream event as single lines. */
import type { WireGroup, WireLine } from '../../../shared/protocol/events.ts'

/** The lines of all groups, from `pos` on. */
export function linesOfGroups(pos: number, groups: readonly WireGroup[]): WireLine[] {
  const lines: WireLine[] = []
  let next = pos
  for (const group of groups) {
    const { task, channel, time, file } = group
    const from = lines.length
    for (const text of group.lines) {
      lines.push({ pos: next++, task, channel, time, text, ...(file !== undefined && { file }) })
    }
    markEnds(lines, from, group)
  }
  return lines
}

/** The few lines that are cut, continued or unterminated. */
function markEnds(lines: WireLine[], from: number, group: WireGroup): void {
  for (const { index, bytes } of group.cut ?? []) {
    const line = lines[from + index]
    if (line !== undefined) lines[from + index] = { ...line, bytes }
  }
  const last = lines.at(-1)
  if (group.end !== undefined && last !== undefined) {
    lines[lines.length - 1] = { ...last, end: group.end }
  }
}
