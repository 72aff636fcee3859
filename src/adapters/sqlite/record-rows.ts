/** Documents as rows. Names and bodies are bytes there: a text of SQLite ends at its first NUL. */
import { checkCount, checkVersion } from '../../core/store/record-rules.ts'
import type { NewRecord, RecordKind, StoredRecord } from '../../core/store/record-store.ts'
import type { SqlDatabase, SqlRow, SqlStatement } from './driver.ts'

/** Reads them; one per connection. */
export class RecordRows {
  readonly #list: SqlStatement
  readonly #get: SqlStatement

  constructor(database: SqlDatabase) {
    this.#list = database.prepare('SELECT name, version, body FROM records WHERE kind = ?')
    this.#get = database.prepare(
      'SELECT name, version, body FROM records WHERE kind = ? AND name = ?',
    )
  }

  list(kind: RecordKind): readonly StoredRecord[] {
    return this.#list.all(kind).map((row) => toRecord(kind, row))
  }

  get(kind: RecordKind, name: string): StoredRecord | undefined {
    const row = this.#get.get(kind, bytesOf(name))
    return row === undefined ? undefined : toRecord(kind, row)
  }
}

/** Writes them, within the transaction of the writer. */
export class RecordWrites {
  readonly #rows: RecordRows
  readonly #kind: SqlStatement
  readonly #setKind: SqlStatement
  readonly #put: SqlStatement
  readonly #remove: SqlStatement

  constructor(database: SqlDatabase) {
    this.#rows = new RecordRows(database)
    this.#kind = database.prepare('SELECT last, count FROM record_kinds WHERE kind = ?')
    this.#setKind = database.prepare('INSERT OR REPLACE INTO record_kinds VALUES (?, ?, ?)')
    this.#put = database.prepare('INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)')
    this.#remove = database.prepare('DELETE FROM records WHERE kind = ? AND name = ?')
  }

  put({ kind, name, body, version: expected }: NewRecord): StoredRecord {
    const held = this.#rows.get(kind, name)
    checkVersion({ kind, name }, expected, held?.version ?? 0)
    const { last, count } = this.#figures(kind)
    if (held === undefined) checkCount(kind, count)
    const version = last + 1
    this.#setKind.run(kind, version, held === undefined ? count + 1 : count)
    this.#put.run(kind, bytesOf(name), version, bytesOf(body))
    return { kind, name, version, body }
  }

  remove(kind: RecordKind, name: string, expected: number | undefined): boolean {
    const held = this.#rows.get(kind, name)
    if (held === undefined) return false
    checkVersion(held, expected, held.version)
    const { last, count } = this.#figures(kind)
    this.#setKind.run(kind, last, count - 1)
    this.#remove.run(kind, bytesOf(name))
    return true
  }

  #figures(kind: RecordKind): { readonly last: number; readonly count: number } {
    const { last, count } = this.#kind.get(kind) ?? {}
    return { last: Number(last ?? 0), count: Number(count ?? 0) }
  }
}

/** Of a table that this program alone writes: trusted. */
function toRecord(kind: RecordKind, { name, version, body }: SqlRow): StoredRecord {
  return { kind, name: textOf(name), version: Number(version), body: textOf(body) }
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text)
}

function textOf(value: SqlRow[string] | undefined): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value)
}
