/** Lines that arrived together: the unit that is stored, sent and shown. Bytes are kept as they came. */
import type { Channel } from './channel.ts'

/**
 * Consecutive lines of one task, channel and file that arrived together.
 * `bytes` holds every line with its 0x0A, but for the last one when `end` says otherwise.
 */
export interface LineGroup {
  readonly task: number
  readonly channel: Channel
  /** Arrival at Farglass, milliseconds since 1970. */
  readonly time: number
  /** Number of lines in `bytes`, at least 1. */
  readonly count: number
  readonly bytes: Uint8Array
  /** How the last line ends: by newline, by the segment limit, or by the end of the output. */
  readonly end: LineEnd
  /**
   * Path of the followed file that the lines come from, where a task follows several. At most
   * `limits.fileNameBytesMax` of UTF-8. The host chose it: never shown but through `displayText`.
   */
  readonly file?: string
}

export type LineEnd = 'newline' | 'continued' | 'unterminated'

export const lineEnds: readonly LineEnd[] = ['newline', 'continued', 'unterminated']

/** A group with its place in the run: `pos` of its first line. */
export interface PlacedGroup extends LineGroup {
  readonly pos: number
  /** The disk has damaged what was stored here; these rows of Farglass stand in their places. */
  readonly damaged?: true
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The texts of a group's lines: UTF-8 with U+FFFD for what is not, without LF and without the CR
 * before it. A newline byte never belongs to a longer UTF-8 sequence, so decoding the whole group
 * gives the same as decoding line by line. `text` is given by who has decoded it already, in UTF-8
 * or as one character per byte.
 */
export function textsOf(
  group: Pick<LineGroup, 'bytes' | 'end'>,
  text: string = decoder.decode(group.bytes),
): string[] {
  const texts = text.split('\n')
  if (group.end === 'newline') texts.pop()
  if (!text.includes('\r')) return texts
  const last = texts.length - 1
  return texts.map((line, at) =>
    line.endsWith('\r') && (at < last || group.end === 'newline') ? line.slice(0, -1) : line,
  )
}

/** Splits a group before its line number `at` (0 < at < count). */
export function splitGroup(group: PlacedGroup, at: number): [PlacedGroup, PlacedGroup] {
  let cut = 0
  for (let line = 0; line < at; line++) cut = group.bytes.indexOf(10, cut) + 1
  const head = { ...group, count: at, bytes: group.bytes.subarray(0, cut), end: 'newline' as const }
  const tail = {
    ...group,
    pos: group.pos + at,
    count: group.count - at,
    bytes: group.bytes.subarray(cut),
  }
  return [head, tail]
}
