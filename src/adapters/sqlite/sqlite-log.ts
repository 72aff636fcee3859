/** The log on SQLite: batches go to the writer, reads to the reader. */
import { clipGroups, countLines } from '../../core/store/log-rules.ts'
import type { Append, AppendResult, LogBounds, LogStore } from '../../core/store/log-store.ts'
import { lostLines } from '../../core/store/lost-lines.ts'
import { decodeBatch } from '../../shared/batch-codec.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { RunId } from '../../shared/run.ts'
import type { StoreThreads } from './store-threads.ts'
import { toStoredChange } from './stored-change.ts'

export class SqliteLog implements LogStore {
  readonly #threads: StoreThreads

  constructor(threads: StoreThreads) {
    this.#threads = threads
  }

  async append(append: Append): Promise<AppendResult> {
    const { run, epoch, pos, groups } = append
    const count = countLines(groups)
    const change = toStoredChange(append)
    const place = this.#threads.place(groups)
    const head = { kind: 'append', run, epoch, pos, count, change } as const
    return this.#threads.write<'append'>({ ...head, ...place })
  }

  async read(run: RunId, from: number, bytesMax: number): Promise<readonly PlacedGroup[]> {
    const stored = await this.#threads.read<'read'>({ kind: 'read', run, from, bytesMax })
    const groups = stored.batches.flatMap(({ pos, count, body }) =>
      body === null ? lostLines(pos, pos + count, damagedText) : decodeBatch(body, pos),
    )
    return clipGroups(groups, stored.from, bytesMax)
  }

  bounds(run: RunId): Promise<LogBounds> {
    return this.#threads.read<'bounds'>({ kind: 'bounds', run })
  }

  async drop(run: RunId): Promise<void> {
    await this.#threads.write<'drop'>({ kind: 'drop', run })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads.close()
  }
}

const damagedText = 'gap: the line that was here has been damaged on the disk of Farglass'
