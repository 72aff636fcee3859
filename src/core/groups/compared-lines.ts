/** The lines of a group as they are compared: without colours, and without how their ends are written. */
import type { PlacedGroup } from '../../shared/line-group.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const escape = 0x1b

/** Each is good until the next one is asked for. */
export function* comparedLines({
  bytes,
  count,
}: Pick<PlacedGroup, 'bytes' | 'count'>): Generator<Uint8Array> {
  const hasColors = bytes.includes(escape)
  for (let line = 0, from = 0; line < count; line++) {
    const newline = bytes.indexOf(lineFeed, from)
    const end = newline < 0 ? bytes.length : newline
    const hasReturn = newline > from && bytes[newline - 1] === carriageReturn
    const whole = bytes.subarray(from, hasReturn ? end - 1 : end)
    yield hasColors ? withoutColors(whole) : whole
    from = end + 1
  }
}

/** Without `ESC [ … m`; other escape sequences do something, and count. */
function withoutColors(line: Uint8Array): Uint8Array {
  if (!line.includes(escape)) return line
  const kept = new Uint8Array(line.length)
  let length = 0
  for (let at = 0; at < line.length; ) {
    const next = line[at] === escape ? colorEnd(line, at) : at
    if (next > at) at = next
    else kept[length++] = line[at++] ?? 0
  }
  return kept.subarray(0, length)
}

/** Index after a sequence of colours that begins here, or the same index when none does. */
function colorEnd(line: Uint8Array, at: number): number {
  if (line[at + 1] !== 0x5b) return at
  let end = at + 2
  while (isParameter(line[end])) end++
  return line[end] === 0x6d ? end + 1 : at
}

/** A digit, `;` or `:`. */
function isParameter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x3b
}
