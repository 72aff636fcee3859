/** How a script reaches a sh in a terminal: not before the terminal has stopped echoing. */

/**
 * Constant, in single quotes that sh, fish and csh read alike. A `sh -s` would be interactive in a
 * terminal, so the script is read as data of a told length, byte by byte, and nothing behind it.
 * The length comes in eight columns, read by dd too: bash's own `read` takes more than its line.
 */
export const ttyCommand = `exec sh -c 'stty raw -echo || exit 127; printf "\\036farglass-tty\\n"; n=$(dd bs=1 count=8 2>/dev/null); s=$(dd bs=1 count=$n 2>/dev/null); eval "$s"'`

/** What is sent once the terminal is ready. */
export function ttyScript(script: string): string {
  return `${String(Buffer.byteLength(script)).padEnd(8)}${script}`
}

/** Looks for the ready mark in the first output of the terminal. */
export class TtyReady {
  #before: Buffer = Buffer.alloc(0)

  /** Null while the mark has not come; then what came around it, or too much without it. */
  push(bytes: Uint8Array): { readonly rest: Uint8Array; readonly mark: boolean } | null {
    this.#before = Buffer.concat([this.#before, bytes])
    const at = this.#before.indexOf(mark)
    if (at >= 0) {
      const after = this.#before.subarray(at + mark.length)
      return { rest: Buffer.concat([this.#before.subarray(0, at), after]), mark: true }
    }
    // A login shell that talks without end is no reason to keep it all.
    return this.#before.length > beforeBytesMax ? { rest: this.end(), mark: false } : null
  }

  /** What came when no mark will come any more. */
  end(): Uint8Array {
    const rest = this.#before
    this.#before = Buffer.alloc(0)
    return rest
  }
}

const mark = Buffer.from('\u001efarglass-tty\n')
const beforeBytesMax = 64 * 1024
