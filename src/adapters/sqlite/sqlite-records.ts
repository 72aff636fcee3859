/** The documents on SQLite. */
import { byName, checkRecord } from '../../core/store/record-rules.ts'
import type {
  NewRecord,
  RecordKind,
  RecordStore,
  StoredRecord,
} from '../../core/store/record-store.ts'
import type { StoreThreads } from './store-threads.ts'

export class SqliteRecords implements RecordStore {
  readonly #threads: StoreThreads

  constructor(threads: StoreThreads) {
    this.#threads = threads
  }

  async list(kind: RecordKind): Promise<readonly StoredRecord[]> {
    return byName(await this.#threads.read<'list-records'>({ kind: 'list-records', of: kind }))
  }

  get(kind: RecordKind, name: string): Promise<StoredRecord | undefined> {
    return this.#threads.read<'get-record'>({ kind: 'get-record', of: kind, name })
  }

  async put(record: NewRecord): Promise<StoredRecord> {
    checkRecord(record)
    return this.#threads.write<'put-record'>({ kind: 'put-record', record })
  }

  remove(kind: RecordKind, name: string, version?: number): Promise<boolean> {
    const op = { kind: 'remove-record', of: kind, name, version } as const
    return this.#threads.write<'remove-record'>(op)
  }
}
