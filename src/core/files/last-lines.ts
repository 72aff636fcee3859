/** Where the last lines of a file begin. */

/**
 * Index of the first of the last `lines` lines; when not so many begin in these bytes, 0. An
 * unfinished last line counts as one.
 */
export function lastLinesStart(bytes: Uint8Array, lines: number): number {
  if (lines === 0) return bytes.length
  let at = bytes.at(-1) === newline ? bytes.length - 1 : bytes.length
  for (let found = 0; found < lines; found += 1) {
    at = at === 0 ? -1 : bytes.lastIndexOf(newline, at - 1)
    if (at < 0) return 0
  }
  return Math.min(at + 1, bytes.length)
}

const newline = 10
