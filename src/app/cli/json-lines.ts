/** Lines as `--json` prints them: one object per line, a `WireLine` with its host. */
import type { WireGroup } from '../../shared/protocol/events.ts'

export interface GroupPlace {
  readonly host: string
  /** Position of the group's first line. */
  readonly pos: number
}

/** What all lines of a group share is written once and put around each text. */
export function jsonLines(group: WireGroup, place: GroupPlace): string {
  const { task, channel, time, file } = group
  const shared = JSON.stringify({ task, host: place.host, channel, time, file }).slice(1, -1)
  const sizes = new Map(group.cut?.map(({ index, bytes }) => [index, bytes]))
  const last = group.lines.length - 1
  let text = ''
  for (const [index, line] of group.lines.entries()) {
    const bytes = sizes.get(index)
    const size = bytes === undefined ? '' : `,"bytes":${bytes}`
    const end = group.end === undefined || index < last ? '' : `,"end":"${group.end}"`
    text += `{"pos":${place.pos + index},${shared},"text":${JSON.stringify(line)}${end}${size}}\n`
  }
  return text
}

/** What is said for programs of something that has a name and is gone. */
export function removedJson(name: string): string {
  return `${JSON.stringify({ name, removed: true })}\n`
}
