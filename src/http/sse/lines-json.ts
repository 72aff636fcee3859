/** Lines as JSON: the hot path of the server, so text is built by hand around JSON.stringify. */
import type { Frame } from '../../core/runs/run-service.ts'
import { limits } from '../../shared/limits.ts'
import { type PlacedGroup, textsOf } from '../../shared/line-group.ts'

/** The JSON of a `LinesEvent` without its `kind`. */
export function linesJson(frame: Frame): string {
  const groups = frame.groups.map(groupJson).join(',')
  return `{"pos":${frame.pos},"next":${frame.next},"groups":[${groups}]}`
}

function groupJson(group: PlacedGroup): string {
  const time = new Date(group.time).toISOString()
  const { lines, cut } = wireTexts(group)
  const end = group.end === 'newline' ? '' : `,"end":"${group.end}"`
  const cuts = cut.length === 0 ? '' : `,"cut":${JSON.stringify(cut)}`
  return `{"task":${group.task},"channel":"${group.channel}","time":"${time}","lines":${JSON.stringify(lines)}${end}${cuts}}`
}

export interface WireTexts {
  readonly lines: string[]
  readonly cut: { readonly index: number; readonly bytes: number }[]
}

/** The texts of a group, those that are longer than the wire takes cut, with their real size. */
export function wireTexts(group: PlacedGroup): WireTexts {
  const lines = textsOf(group)
  const cut: WireTexts['cut'] = []
  if (group.bytes.length <= limits.wireLineBytesMax) return { lines, cut }
  let start = 0
  for (let index = 0; index < lines.length; index++) {
    const newline = group.bytes.indexOf(10, start)
    const end = newline < 0 ? group.bytes.length : newline
    if (end - start > limits.wireLineBytesMax) {
      lines[index] = headText(group.bytes.subarray(start, end))
      cut.push({ index, bytes: end - start })
    }
    start = end + 1
  }
  return { lines, cut }
}

/** The first bytes of a long line as text, not cut inside a character. */
function headText(line: Uint8Array): string {
  let end: number = limits.wireLineBytesMax
  // A byte 10xxxxxx continues a character; four steps back at most, as no character is longer.
  for (let step = 0; step < 4 && ((line[end] ?? 0) & 0xc0) === 0x80; step++) end -= 1
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(line.subarray(0, end))
}
