/** The texts of a group as a JSON array, made from its bytes without a string per line. */
import { isUtf8 } from 'node:buffer'
import { type LineGroup, textsOf } from '../../shared/line-group.ts'

const newline = 0x0a
const carriageReturn = 0x0d
const quote = 0x22
const backslash = 0x5c
/** 1 for each byte that JSON does not take as it is: a table is twice as fast as comparisons. */
const isSpecial = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === quote || byte === backslash ? 1 : 0,
)

/** A control character becomes `\u00xx`: six bytes, the longest that one byte can become. */
const growthMax = 6

/**
 * Writes the same array as `JSON.stringify(textsOf(group))` to `target` at `at`, and gives the
 * index after it. Text that is valid UTF-8 is copied byte by byte, which is faster and
 * leaves none of the garbage of splitting, decoding and encoding strings; the rest takes the long way.
 */
export function writeTexts(group: LineGroup, target: Buffer, at: number): number {
  const { bytes } = group
  if (!isUtf8(bytes)) return at + target.write(JSON.stringify(textsOf(group)), at)
  const ended = group.end === 'newline'
  const length = ended ? bytes.length - 1 : bytes.length
  let to = at
  target[to++] = 0x5b // [
  target[to++] = quote
  for (let from = 0; from < length; from++) {
    const byte = bytes[from] ?? 0
    if (isSpecial[byte] === 0) target[to++] = byte
    else if (byte === newline) to = writeSeparator(target, to)
    else if (byte !== carriageReturn || !isBeforeNewline(bytes, from)) {
      to = writeEscape(byte, target, to)
    }
  }
  target[to++] = quote
  target[to++] = 0x5d // ]
  return to
}

/** Bytes that `writeTexts` may need for a group. */
export function textsRoom(group: LineGroup): number {
  return growthMax * group.bytes.length + 4
}

function isBeforeNewline(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === newline
}

/** The end of one string and the start of the next: `","`. */
function writeSeparator(target: Buffer, at: number): number {
  target[at] = quote
  target[at + 1] = 0x2c
  target[at + 2] = quote
  return at + 3
}

/** The escapes of JSON.stringify: short ones where JSON has them (RFC 8259, section 7). */
function writeEscape(byte: number, target: Buffer, at: number): number {
  target[at] = backslash
  const short = shortEscapes.get(byte)
  if (short !== undefined) {
    target[at + 1] = short
    return at + 2
  }
  return at + 1 + target.write(`u${byte.toString(16).padStart(4, '0')}`, at + 1, 'latin1')
}

const shortEscapes: ReadonlyMap<number, number> = new Map([
  [quote, quote],
  [backslash, backslash],
  [0x08, 0x62], // b
  [0x09, 0x74], // t
  [0x0c, 0x66], // f
  [carriageReturn, 0x72], // r
])
