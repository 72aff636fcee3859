/** Lines of groups as pages and searches give them. */
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { WireLine } from '../../shared/protocol/events.ts'
import { wireTexts } from '../sse/lines-json.ts'

/** All lines of the groups. */
export function wireLines(groups: readonly PlacedGroup[]): WireLine[] {
  const lines: WireLine[] = []
  for (const group of groups) pushLines(lines, group, Number.MAX_SAFE_INTEGER)
  return lines
}

/** Adds the group's lines until the page is full; gives the position after the last one. */
export function pushLines(page: WireLine[], group: PlacedGroup, limit: number): number {
  const { task, channel, pos, file } = group
  const time = new Date(group.time).toISOString()
  const { lines, cut } = wireTexts(group)
  const sizes = new Map(cut.map(({ index, bytes }) => [index, bytes]))
  const taken = Math.min(lines.length, limit - page.length)
  for (let index = 0; index < taken; index++) {
    const bytes = sizes.get(index)
    page.push({
      pos: pos + index,
      task,
      channel,
      time,
      ...(file !== undefined && { file }),
      text: lines[index] ?? '',
      ...(index === group.count - 1 && group.end !== 'newline' && { end: group.end }),
      ...(bytes !== undefined && { bytes }),
    })
  }
  return pos + taken
}
