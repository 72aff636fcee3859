/** Cuts a byte stream into whole lines without copying more than the line that spans two chunks. */

import { limits } from '../../shared/limits.ts'
import type { LineEnd } from '../../shared/line-group.ts'

/** Whole lines in one piece of memory, within the limits of a batch. */
export interface LineSlab {
  readonly bytes: Uint8Array
  readonly count: number
  readonly end: LineEnd
}

const newline = 10

/**
 * Incremental: the same lines come out however the bytes are cut. A line that reaches
 * `lineSegmentBytesMax` without a newline is given in segments (`continued`), cut before a UTF-8
 * sequence that would be split. Memory is bounded by one segment.
 */
export class LineSplitter {
  /** The unfinished last line, in a buffer that grows by doubling: own copy, so no chunk is held. */
  #pending = new Uint8Array(0)
  #pendingBytes = 0

  /** Bytes of the unfinished line. */
  get pendingBytes(): number {
    return this.#pendingBytes
  }

  /** The lines that `chunk` completes. The slabs may be views of `chunk`. */
  push(chunk: Uint8Array): LineSlab[] {
    const slabs: LineSlab[] = []
    let start = 0
    let lineStart = 0
    let count = 0
    for (;;) {
      const at = chunk.indexOf(newline, lineStart)
      const lineEnd = at < 0 ? chunk.length : at
      // What is pending belongs to the first line of the slab under way.
      const before = count === 0 ? this.#pendingBytes : 0
      if (before + lineEnd - lineStart >= limits.lineSegmentBytesMax) {
        const cut = lineStart + limits.lineSegmentBytesMax - before
        if (count > 0) slabs.push(this.#take(chunk.subarray(start, lineStart), count, 'newline'))
        slabs.push(this.#segment(chunk.subarray(lineStart, cut)))
        start = lineStart = cut
        count = 0
        continue
      }
      if (at < 0) break
      if (count > 0 && isFull(at + 1 - start + this.#pendingBytes, count)) {
        slabs.push(this.#take(chunk.subarray(start, lineStart), count, 'newline'))
        start = lineStart
        count = 0
      }
      lineStart = at + 1
      count += 1
    }
    if (count > 0) slabs.push(this.#take(chunk.subarray(start, lineStart), count, 'newline'))
    if (lineStart < chunk.length) this.#keep(chunk.subarray(lineStart))
    return slabs
  }

  /** The rest without newline at the end of the output, if there is one. */
  finish(): LineSlab[] {
    return this.#pendingBytes === 0 ? [] : [this.#take(new Uint8Array(0), 1, 'unterminated')]
  }

  /** A copy of the last `bytesMax` bytes of the unfinished line. */
  pending(bytesMax: number): Uint8Array {
    return this.#pending.slice(Math.max(0, this.#pendingBytes - bytesMax), this.#pendingBytes)
  }

  /** One full segment; a UTF-8 sequence that it would cut goes to the next one. */
  #segment(rest: Uint8Array): LineSlab {
    const full = this.#take(rest, 1, 'continued')
    const cut = wholeCharacters(full.bytes)
    this.#keep(full.bytes.subarray(cut))
    return { ...full, bytes: full.bytes.subarray(0, cut) }
  }

  #keep(bytes: Uint8Array): void {
    const needed = this.#pendingBytes + bytes.length
    if (needed > this.#pending.length) this.#grow(needed)
    this.#pending.set(bytes, this.#pendingBytes)
    this.#pendingBytes = needed
  }

  /** A long line gets room for a whole segment at once: it will most likely fill it. */
  #grow(needed: number): void {
    const room = needed > limits.batchBytesMax ? limits.lineSegmentBytesMax : 2 * needed
    const grown = new Uint8Array(Math.max(room, needed))
    grown.set(this.#pending.subarray(0, this.#pendingBytes))
    this.#pending = grown
  }

  /** The pending bytes and these. A long line takes the buffer with it, a short one is copied out. */
  #take(bytes: Uint8Array, count: number, end: LineEnd): LineSlab {
    if (this.#pendingBytes === 0) return { bytes, count, end }
    if (this.#pendingBytes > limits.batchBytesMax) {
      this.#keep(bytes)
      const whole = this.#pending.subarray(0, this.#pendingBytes)
      this.#pending = new Uint8Array(0)
      this.#pendingBytes = 0
      return { bytes: whole, count, end }
    }
    const whole = new Uint8Array(this.#pendingBytes + bytes.length)
    whole.set(this.#pending.subarray(0, this.#pendingBytes))
    whole.set(bytes, this.#pendingBytes)
    this.#pendingBytes = 0
    return { bytes: whole, count, end }
  }
}

function isFull(bytes: number, count: number): boolean {
  return bytes > limits.batchBytesMax || count >= limits.batchLinesMax
}

/** Length of the longest prefix that does not end inside a UTF-8 sequence (RFC 3629). */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) return sequenceLength(byte) > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4
  return lead >= 0xe0 ? 3 : 2
}
