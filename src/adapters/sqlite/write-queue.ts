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

  constructor(thread: StoreThread<WriteOp>) {
    this.#thread = thread
  }

  /** Asks for one op. All ops take effect in the order of the calls. */
  ask<Kind extends WriteOp['kind']>(
    op: Extract<WriteOp, { kind: Kind }>,
  ): Promise<WriteAnswers[Kind]> {
    const { ticket, answer } = this.#thread.expect()
    if (this.#ops.length === 0) queueMicrotask(() => this.#send())
    this.#ops.push({ ticket, op })
    // The thread answers each kind of op with its kind of answer.
    return answer as Promise<WriteAnswers[Kind]>
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
    // Not from Node's pool, whose memory cannot be handed over; not zeroed, as all is written.
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(this.#bytes).buffer)
    let at = 0
    for (const groups of this.#batches) at = encodeBatchInto(bytes, at, groups)
    this.#thread.send(this.#ops, bytes)
    this.#ops = []
    this.#batches = []
    this.#bytes = 0
  }
}
