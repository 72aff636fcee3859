/** The documents of the memory store. */
import type { MemoryRuns } from './memory-runs.ts'
import { byName, checkCount, checkRecord, checkVersion } from './record-rules.ts'
import type { NewRecord, RecordKind, RecordStore, StoredRecord } from './record-store.ts'

export class MemoryRecords implements RecordStore {
  readonly #store: Pick<MemoryRuns, 'requireOpen'>
  readonly #kinds = new Map<RecordKind, Map<string, StoredRecord>>()
  #lastVersion = 0

  constructor(store: Pick<MemoryRuns, 'requireOpen'>) {
    this.#store = store
  }

  async list(kind: RecordKind): Promise<readonly StoredRecord[]> {
    this.#store.requireOpen()
    return byName([...this.#of(kind).values()])
  }

  async get(kind: RecordKind, name: string): Promise<StoredRecord | undefined> {
    this.#store.requireOpen()
    return this.#of(kind).get(name)
  }

  async put(record: NewRecord): Promise<StoredRecord> {
    this.#store.requireOpen()
    checkRecord(record)
    const { kind, name, body } = record
    const records = this.#of(kind)
    const held = records.get(name)
    checkVersion(record, record.version, held?.version ?? 0)
    if (held === undefined) checkCount(kind, records.size)
    const stored = { kind, name, body, version: ++this.#lastVersion }
    records.set(name, stored)
    return stored
  }

  async remove(kind: RecordKind, name: string, version?: number): Promise<boolean> {
    this.#store.requireOpen()
    const held = this.#of(kind).get(name)
    if (held === undefined) return false
    checkVersion({ kind, name }, version, held.version)
    return this.#of(kind).delete(name)
  }

  #of(kind: RecordKind): Map<string, StoredRecord> {
    const known = this.#kinds.get(kind)
    if (known !== undefined) return known
    const records = new Map<string, StoredRecord>()
    this.#kinds.set(kind, records)
    return records
  }
}
