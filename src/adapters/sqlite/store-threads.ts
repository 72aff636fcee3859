/** The two threads of the store, and the file that they share. */
import type { LineGroup } from '../../shared/line-group.ts'
import type { ReadAnswers, ReadOp, ThreadData, WriteAnswers, WriteOp } from './messages.ts'
import { StoreThread } from './store-thread.ts'
import { WalSync } from './wal-sync.ts'
import { WriteQueue } from './write-queue.ts'

export class StoreThreads {
  readonly #writer: StoreThread<WriteOp>
  readonly #reader: StoreThread<ReadOp>
  readonly #queue: WriteQueue
  #walSync: WalSync | undefined
  #closing: Promise<void> | undefined

  /** Rejects with `store-failed` when the database cannot be opened; nothing is left open then. */
  static async start(data: ThreadData): Promise<StoreThreads> {
    const writer = new StoreThread<WriteOp>('write-thread', data)
    const reader = new StoreThread<ReadOp>('read-thread', data)
    const threads = new StoreThreads(writer, reader)
    try {
      await Promise.all([writer.ready, reader.ready])
      if (data.sync === 'interval') {
        threads.#walSync = await WalSync.open(`${data.file}-wal`, (error) => writer.fail(error))
      }
      return threads
    } catch (thrown) {
      await threads.close()
      throw thrown
    }
  }

  private constructor(writer: StoreThread<WriteOp>, reader: StoreThread<ReadOp>) {
    this.#writer = writer
    this.#reader = reader
    this.#queue = new WriteQueue(writer)
  }

  place(groups: readonly LineGroup[]): { readonly offset: number; readonly length: number } {
    return this.#queue.place(groups)
  }

  async write<Kind extends WriteOp['kind']>(
    op: Extract<WriteOp, { kind: Kind }>,
  ): Promise<WriteAnswers[Kind]> {
    const answer = await this.#queue.ask<Kind>(op)
    this.#walSync?.noteCommit()
    return answer
  }

  async read<Kind extends ReadOp['kind']>(
    op: Extract<ReadOp, { kind: Kind }>,
  ): Promise<ReadAnswers[Kind]> {
    const { ticket, answer } = this.#reader.expect()
    if (ticket > 0) this.#reader.send([{ ticket, op }], new Uint8Array())
    // The thread answers each kind of op with its kind of answer.
    return (await answer) as ReadAnswers[Kind]
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** The writer last: only the last connection to be closed can leave a database without WAL. */
  async #close(): Promise<void> {
    await this.#walSync?.close()
    await this.#reader.close()
    await this.#writer.close()
  }
}
