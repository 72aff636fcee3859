/** The hot tail of a run: its newest frames, in memory, within a bound of bytes. */
import type { Frame } from '../runs/run-service.ts'
import { frameBytes, frameFrom } from './frames.ts'

export class Tail {
  readonly #bytesMax: number
  /** Oldest first; those before `#start` are gone (moved out in bulk, so that a push stays cheap). */
  #frames: Frame[] = []
  #start = 0
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  push(frame: Frame): void {
    this.#frames.push(frame)
    this.#bytes += frameBytes(frame)
    while (this.#bytes > this.#bytesMax && this.#frames.length - this.#start > 1) {
      const oldest = this.#frames[this.#start]
      this.#start += 1
      if (oldest !== undefined) this.#bytes -= frameBytes(oldest)
    }
    if (this.#start > 256 && this.#start * 2 > this.#frames.length) {
      this.#frames = this.#frames.slice(this.#start)
      this.#start = 0
    }
  }

  /** The frame that starts at `pos`, or the rest of the one that holds it; undefined outside the tail. */
  at(pos: number): Frame | undefined {
    let low = this.#start
    let high = this.#frames.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const frame = this.#frames[middle]
      if (frame === undefined) return undefined
      if (pos < frame.pos) high = middle - 1
      else if (pos >= frame.next) low = middle + 1
      else return pos === frame.pos ? frame : frameFrom(frame, pos)
    }
    return undefined
  }
}
