/** Where the last lines of a file begin, looked for in pieces from its end. */

/**
 * Steps over `newlines` of them, backwards from the end of the bytes. `at`: index after the last one
 * stepped over, when there were enough; `left`: how many are still to be stepped over.
 */
export function stepBack(bytes: Uint8Array, newlines: number): { at: number | null; left: number } {
  let left = newlines
  let end = bytes.length
  while (left > 0) {
    const found = end === 0 ? -1 : bytes.lastIndexOf(newline, end - 1)
    if (found < 0) return { at: null, left }
    left -= 1
    end = found
  }
  return { at: newlines === 0 ? bytes.length : end + 1, left: 0 }
}

/** Newlines before the last `lines` lines: the one at the end of the file belongs to the last line. */
export function newlinesBefore(lines: number, lastByte: number | undefined): number {
  if (lines === 0) return 0
  return lastByte === newline ? lines + 1 : lines
}

const newline = 10
