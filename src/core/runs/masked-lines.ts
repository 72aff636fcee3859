/** Cuts output into lines as LineSplitter does, and gives them with their secrets hidden. */
import { limits } from '../../shared/limits.ts'
import { type LineSlab, LineSplitter } from '../lines/line-splitter.ts'
import { OutputMask } from '../secrets/output-mask.ts'
import type { SecretPatterns } from '../secrets/secret-patterns.ts'

/** Lines as they are shown. */
export interface OutputSlab extends LineSlab {
  /** What they were made of, where something may be hidden in them. */
  readonly source?: HiddenSource
}

export interface HiddenSource {
  /** As they came from the host: what its offsets count. */
  readonly bytes: Uint8Array
  /** So many of the bytes after them belong to a secret that began in them. */
  readonly carry: number
}

/**
 * The cuts are those of the source, so each slab ends at the same byte as without secrets. It comes
 * as soon as nothing in it can be the beginning of a secret any more: nearly always at once.
 */
export class MaskedLines {
  readonly #splitter = new LineSplitter()
  readonly #mask: OutputMask
  /** Slabs whose end is not settled. */
  #waiting: LineSlab[] = []
  /** Offsets, counted from the first byte: of the first waiting slab, and of the unfinished line. */
  #shown = 0
  #cut = 0

  /** `carry`: see HiddenSource, of the lines before. */
  constructor(patterns: SecretPatterns, carry: number) {
    this.#mask = new OutputMask(patterns, 0, carry)
  }

  /** Bytes of the unfinished line that may be shown. */
  get pendingBytes(): number {
    const settled = Math.max(0, this.#mask.settled - this.#cut)
    return Math.min(settled, this.#splitter.pendingBytes)
  }

  push(chunk: Uint8Array): OutputSlab[] {
    this.#mask.push(chunk)
    this.#wait(this.#splitter.push(chunk))
    return this.#settled()
  }

  finish(): OutputSlab[] {
    this.#mask.end(limits.maskedCharsMin)
    this.#wait(this.#splitter.finish())
    return this.#settled()
  }

  /** The end of what may be shown of the unfinished line. */
  pending(bytesMax: number): Uint8Array {
    const whole = this.#splitter.pending(this.#splitter.pendingBytes)
    const shown = this.#mask.masked(this.#cut, whole.subarray(0, this.pendingBytes))
    return shown.subarray(Math.max(0, shown.length - bytesMax))
  }

  #wait(slabs: readonly LineSlab[]): void {
    for (const slab of slabs) {
      this.#waiting.push(slab)
      this.#cut += slab.bytes.length
    }
  }

  #settled(): OutputSlab[] {
    const slabs: OutputSlab[] = []
    for (let slab = this.#waiting[0]; slab !== undefined; slab = this.#waiting[0]) {
      const end = this.#shown + slab.bytes.length
      if (end > this.#mask.settled) break
      const bytes = this.#mask.masked(this.#shown, slab.bytes)
      slabs.push({ ...slab, bytes, source: { bytes: slab.bytes, carry: this.#mask.carry(end) } })
      this.#mask.forget(end)
      this.#shown = end
      this.#waiting.shift()
    }
    return slabs
  }
}
