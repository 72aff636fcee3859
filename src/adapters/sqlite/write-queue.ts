/** What the main thread wants written, sent to the writer once per turn of the event loop. */
import { encodeBatchInto, encodedBytes } from '../../shared/batch-codec.ts'
import type { LineGroup } from '../../shared/line-group.ts'
import type { Ticketed, WriteAnswers, WriteOp } from './messages.ts'
import type { StoreThread } from './store-thread.ts'

export class WriteQueue {
  readonly #thread: StoreThread<WriteOp>
  #ops: Ticketed<WriteOp>[] = []
  /** Of the appends among the ops, in their order. */
  #batches: (readonly LineGroup[])[] = []
  #bytes = 0
  /** Memory that the thread has handed back; its sizes are powers of two. */
  #spare: Uint8Array<ArrayBuffer>[] = []

  constructor(thread: StoreThread<WriteOp>) {
    this.#thread = thread
    thread.onSpent = (bytes) => {
      if (this.#spare.length < spareMax) this.#spare.push(bytes)
    }
  }

  /** Asks for one op. All ops take effect in the order of the calls. */
  ask<Kind extends WriteOp['kind']>(
    op: Extract<WriteOp, { kind: Kind }>,
  ): Promise<WriteAnswers[Kind]> {
    const { ticket, answer } = this.#thread.expect()
    // Refused, and so is all that was asked before it in this turn: nothing of it may be written.
    if (ticket === 0) this.#clear()
    else this.#push({ ticket, op })
    // The thread answers each kind of op with its kind of answer.
    return answer as Promise<WriteAnswers[Kind]>
  }

  #push(asked: Ticketed<WriteOp>): void {
    if (this.#ops.length === 0) queueMicrotask(() => this.#send())
    this.#ops.push(asked)
  }

  #clear(): void {
    this.#ops = []
    this.#batches = []
    this.#bytes = 0
  }

  /** Makes room for a batch, which is copied at the end of this turn of the event loop. */
  place(groups: readonly LineGroup[]): { readonly offset: number; readonly length: number } {
    const length = encodedBytes(groups)
    const place = { offset: this.#bytes, length }
    this.#batches.push(groups)
    this.#bytes += length
    return place
  }

  #send(): void {
    if (this.#ops.length === 0) return
    const bytes = this.#take(this.#bytes)
    let at = 0
    for (const groups of this.#batches) at = encodeBatchInto(bytes, at, groups)
    this.#thread.send(this.#ops, bytes)
    this.#clear()
  }

  /**
   * Used again rather than made new: dead memory in two threads, each of which waits for its own
   * garbage collector, would add up to hundreds of megabytes under a fast stream.
   */
  #take(length: number): Uint8Array<ArrayBuffer> {
    if (length === 0) return new Uint8Array(0)
    const at = this.#spare.findIndex((spare) => spare.length >= length)
    const [spare] = at < 0 ? [] : this.#spare.splice(at, 1)
    if (spare !== undefined) return spare
    // Not from Node's pool, whose memory cannot be handed over; not zeroed, as all is written.
    return new Uint8Array(Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(length))).buffer)
  }
}

/** Bursts that are under way at once; more come only when many runs write together. */
const spareMax = 8
