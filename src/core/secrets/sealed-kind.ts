/** Where the documents of one kind hold sealed texts: known to who writes them. */
import type { RecordKind, StoredRecord } from '../store/record-store.ts'
import { parseRecord, type RecordType } from '../store/typed-records.ts'

export interface SealedKind {
  readonly kind: RecordKind
  readonly noun: string
  /** Its body with what `seal` makes of each sealed text in it; null for one that cannot be read. */
  readonly resealed: (record: StoredRecord, seal: Reseal) => Promise<string | null>
}

/** A sealed text and what it was sealed for, as another sealed text. */
export type Reseal = (sealed: string, context: string) => string

export function sealedKind<Value>(
  type: RecordType<Value>,
  reseal: (name: string, value: Value, seal: Reseal) => Value,
): SealedKind {
  const { kind, noun } = type
  return {
    kind,
    noun,
    resealed: async (record, seal) => {
      const found = await parseRecord(type, record)
      return found.success ? JSON.stringify(reseal(record.name, found.data, seal)) : null
    },
  }
}
