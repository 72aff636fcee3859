/** Lines as JSON: the hot path of the server, so text is built by hand around JSON.stringify. */
import { isUtf8 } from 'node:buffer'
import type { Frame } from '../../core/runs/run-service.ts'
import { limits } from '../../shared/limits.ts'
import { type PlacedGroup, textsOf } from '../../shared/line-group.ts'

/**
 * The JSON of a `LinesEvent` without its `kind`, as UTF-8 with one character per byte (`latin1`).
 * So bytes of the host are neither decoded nor encoded: JSON leaves what is not ASCII as it is, and
 * strings of one byte per character are three times as fast as others.
 */
export function linesJson(frame: Frame): string {
  const groups = frame.groups.map(groupJson).join(',')
  return `{"pos":${frame.pos},"next":${frame.next},"groups":[${groups}]}`
}

function groupJson(group: PlacedGroup): string {
  const time = new Date(group.time).toISOString()
  const end = group.end === 'newline' ? '' : `,"end":"${group.end}"`
  const file =
    group.file === undefined
      ? ''
      : `,"file":${bytesAsText(Buffer.from(JSON.stringify(group.file)))}`
  return `{"task":${group.task},"channel":"${group.channel}","time":"${time}"${file},"lines":${textsJson(group)}${end}}`
}

/** The array of texts and, after it, `inexact` when the bytes are more than these, and `cut`. */
function textsJson(group: PlacedGroup): string {
  const { bytes } = group
  if (bytes.length <= limits.wireLineBytesMax && isUtf8(bytes)) {
    const texts = JSON.stringify(textsOf(group, bytesAsText(bytes)))
    return bytes.includes(carriageReturn) ? `${texts},"inexact":true` : texts
  }
  const { lines, cut } = wireTexts(group)
  const texts = bytesAsText(Buffer.from(JSON.stringify(lines)))
  if (cut.length > 0) return `${texts},"inexact":true,"cut":${JSON.stringify(cut)}`
  const isExact = isUtf8(bytes) && !bytes.includes(carriageReturn)
  return isExact ? texts : `${texts},"inexact":true`
}

const carriageReturn = 13

function bytesAsText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

export interface WireTexts {
  readonly lines: string[]
  readonly cut: { readonly index: number; readonly bytes: number }[]
}

/** The texts of a group, those that are longer than the wire takes cut, with their real size. */
export function wireTexts(group: PlacedGroup): WireTexts {
  if (group.bytes.length <= limits.wireLineBytesMax) return { lines: textsOf(group), cut: [] }
  const lines: string[] = []
  const cut: WireTexts['cut'] = []
  // Line by line: what is cut off is not decoded, as it may be a megabyte of it.
  for (let index = 0, start = 0; index < group.count; index++) {
    const newline = group.bytes.indexOf(10, start)
    const end = newline < 0 ? group.bytes.length : newline
    if (end - start > limits.wireLineBytesMax) {
      lines.push(headText(group.bytes.subarray(start, end)))
      cut.push({ index, bytes: end - start })
    } else {
      const bytes = group.bytes.subarray(start, end + 1)
      lines.push(...textsOf({ bytes, end: newline < 0 ? group.end : 'newline' }))
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
