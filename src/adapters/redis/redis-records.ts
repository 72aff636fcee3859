/** The documents on Redis: a hash for each kind. */
import { randomUUID } from 'node:crypto'
import { byName, checkRecord, tooMany, versionConflict } from '../../core/store/record-rules.ts'
import type {
  NewRecord,
  RecordKind,
  RecordStore,
  StoredRecord,
} from '../../core/store/record-store.ts'
import { limits } from '../../shared/limits.ts'
import { putRecordScript, removeRecordScript } from './record-scripts.ts'
import type { RedisParts } from './redis-parts.ts'
import { listOf, maybeTextOf, textOf } from './replies.ts'

export class RedisRecords implements RecordStore {
  readonly #parts: Pick<RedisParts, 'connection' | 'keys'>

  constructor(parts: Pick<RedisParts, 'connection' | 'keys'>) {
    this.#parts = parts
  }

  async list(kind: RecordKind): Promise<readonly StoredRecord[]> {
    const { connection, keys } = this.#parts
    const words = listOf(await connection.send(['HGETALL', keys.records(kind)])).map(textOf)
    const records: StoredRecord[] = []
    for (let at = 0; at + 1 < words.length; at += 2) {
      const [field = '', value = ''] = words.slice(at, at + 2)
      if (field.startsWith('=')) records.push(toRecord(kind, field.slice(1), value))
    }
    return byName(records)
  }

  async get(kind: RecordKind, name: string): Promise<StoredRecord | undefined> {
    const { connection, keys } = this.#parts
    const value = maybeTextOf(await connection.send(['HGET', keys.records(kind), `=${name}`]))
    return value === undefined ? undefined : toRecord(kind, name, value)
  }

  async put(record: NewRecord): Promise<StoredRecord> {
    checkRecord(record)
    const { kind, name, body, version: expected } = record
    const { connection, keys } = this.#parts
    const most = String(limits.recordsPerKindMax)
    const args = [`=${name}`, String(expected ?? ''), randomUUID(), body, most]
    const reply = listOf(await connection.run(putRecordScript, [keys.records(kind)], args))
    const [answer, version = ''] = reply.map(textOf)
    if (answer === 'full') throw tooMany(kind)
    if (answer === 'changed') throw versionConflict(record, Number(version))
    return { kind, name, version: Number(version), body }
  }

  async remove(kind: RecordKind, name: string, version?: number): Promise<boolean> {
    const { connection, keys } = this.#parts
    const args = [`=${name}`, String(version ?? '')]
    const reply = listOf(await connection.run(removeRecordScript, [keys.records(kind)], args))
    const [answer, stored] = reply.map(textOf)
    if (answer === 'changed') throw versionConflict({ kind, name }, Number(stored))
    return answer === 'removed'
  }
}

/** Written by our script: trusted. */
function toRecord(kind: RecordKind, name: string, value: string): StoredRecord {
  const versionEnd = value.indexOf(' ')
  const markEnd = value.indexOf(' ', versionEnd + 1)
  const version = Number(value.slice(0, versionEnd))
  return { kind, name, version, body: value.slice(markEnd + 1) }
}
