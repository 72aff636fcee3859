/** The hot tail of a run: its newest frames, in memory, within a bound of bytes. */
import type { Frame } from '../runs/run-service.ts'
import { frameBytes, frameFrom } from './frames.ts'

export class Tail {
  readonly #bytesMax: number
  /** Oldest first. Slots before `#start` are empty; they are cut off in bulk, so a push stays cheap. */
  #frames: (Frame | undefined)[] = []
  #start = 0
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** Bytes of the lines that are held; at most one frame over the bound. */
  get bytes(): number {
    return this.#bytes
  }

  push(frame: Frame): void {
    this.#frames.push(frame)
    this.#bytes += frameBytes(frame)
    while (this.#bytes > this.#bytesMax && this.#frames.length - this.#start > 1) this.#drop()
    if (this.#start * 2 > this.#frames.length) {
      this.#frames = this.#frames.slice(this.#start)
      this.#start = 0
    }
  }

  #drop(): void {
    const oldest = this.#frames[this.#start]
    if (oldest !== undefined) this.#bytes -= frameBytes(oldest)
    this.#frames[this.#start] = undefined
    this.#start += 1
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
