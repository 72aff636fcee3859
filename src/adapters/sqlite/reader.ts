/** The reader: a second connection, which sees what is committed and never waits for the writer. */
import type { OwnedRun, RunQuery } from '../../core/store/run-catalog.ts'
import type { Session } from '../../core/store/session-store.ts'
import { decodeBatch } from '../../shared/batch-codec.ts'
import { limits } from '../../shared/limits.ts'
import type { RunId } from '../../shared/run.ts'
import type { SqlDatabase, SqlDriver, SqlRow, SqlStatement } from './driver.ts'
import { LastRunRows } from './last-run-rows.ts'
import { marksOf, marksSql } from './mark-rows.ts'
import type { ReadAnswers, ReadOp, StoredBatch, StoredBatches, StoreReport } from './messages.ts'
import { RecordRows } from './record-rows.ts'
import { RunListing } from './run-listing.ts'
import { RunRows, runColumns } from './run-rows.ts'
import { openForReading } from './schema.ts'
import { checksum } from './write-transaction.ts'

export class Reader {
  readonly #database: SqlDatabase
  readonly #rows: RunRows
  readonly #bounds: SqlStatement
  readonly #batches: SqlStatement
  readonly #allBatches: SqlStatement
  readonly #end: SqlStatement
  readonly #number: SqlStatement
  readonly #list: RunListing
  readonly #lastRuns: LastRunRows
  readonly #unfinished: SqlStatement
  readonly #marks: SqlStatement
  readonly #session: SqlStatement
  readonly #records: RecordRows

  constructor(driver: SqlDriver, file: string) {
    const database = openForReading(driver, file)
    this.#database = database
    this.#rows = new RunRows(database)
    this.#bounds = database.prepare(
      'SELECT run, first, next, epoch FROM runs JOIN run_states ON run = number WHERE id = ?',
    )
    this.#batches = database.prepare(batchesSql)
    this.#allBatches = database.prepare(
      'SELECT run, pos, crc, batches.body, id FROM batches JOIN runs ON runs.number = run ORDER BY batches.number',
    )
    this.#end = database.prepare(
      'SELECT coalesce((SELECT min(pos) FROM batches WHERE run = ? AND pos > ?), next) AS next FROM run_states WHERE run = ?',
    )
    this.#number = database.prepare('SELECT number FROM runs WHERE id = ?')
    this.#list = new RunListing(database)
    this.#lastRuns = new LastRunRows(database)
    this.#unfinished = database.prepare(
      `${runColumns} WHERE run_states.state IN ('queued', 'running', 'stopping') ORDER BY runs.number`,
    )
    this.#marks = database.prepare(marksSql)
    this.#records = new RecordRows(database)
    this.#session = database.prepare('SELECT * FROM sessions WHERE digest = ?')
  }

  answer(op: ReadOp): unknown {
    // One transaction per op, so that what it reads in several statements fits together.
    this.#database.exec('BEGIN')
    try {
      return this.#answer(op)
    } finally {
      this.#database.exec('COMMIT')
    }
  }

  close(): void {
    this.#database.close()
  }

  #answer(op: ReadOp): unknown {
    if (isListOp(op)) return this.#answerList(op)
    switch (op.kind) {
      case 'read':
        return this.#read(op)
      case 'bounds':
        return toBounds(this.#bounds.get(op.run))
      case 'get':
        return this.#rows.get(op.run)
      case 'marks':
        return marksOf(this.#marks.all(op.run))
      case 'verify':
        return this.#verify()
      case 'list-records':
        return this.#records.list(op.of)
      case 'get-record':
        return this.#records.get(op.of, op.name)
      case 'get-session':
        return toSession(this.#session.get(op.digest))
    }
  }

  #answerList(op: ListOp): unknown {
    switch (op.kind) {
      case 'list':
        return this.#listRows(op.query).map((row) => this.#rows.toRun(row))
      case 'listed':
        return this.#listRows(op.query).map((row) => this.#rows.toListed(row))
      case 'last-runs':
        return this.#lastRuns.read(Math.min(op.limit, limits.runsPageMax))
      case 'unfinished':
        return this.#unfinished.all().map((row): OwnedRun => {
          const { id, epoch, owner } = row
          return { id: String(id), epoch: Number(epoch), owner: String(owner) }
        })
    }
  }

  #read(op: Extract<ReadOp, { kind: 'read' }>): StoredBatches {
    const row = this.#bounds.get(op.run)
    const from = Math.max(op.from, Number(row?.['first'] ?? 0))
    const batches: StoredBatch[] = []
    if (row === undefined || from >= Number(row['next'])) return { from, batches }
    const run = Number(row['run'])
    let bytes = 0
    for (const batch of this.#batches.iterate(run, run, from)) {
      const pos = Number(batch['pos'])
      const body = batch['body'] as Uint8Array
      const isWhole = checksum(run, pos, body) === batch['crc']
      const count = isWhole ? 0 : this.#endOf(run, pos) - pos
      batches.push({ pos, count, body: isWhole ? body : null })
      if (!isWhole) continue
      // Of one that begins before `from`, nearly all may be cut off.
      if (pos >= from) bytes += bytesOfLines(body, pos)
      if (bytes > op.bytesMax) break
    }
    return { from, batches }
  }

  /** Reads every batch, whatever it finds. */
  #verify(): StoreReport {
    const damaged: { run: RunId; from: number; to: number }[] = []
    let batches = 0
    for (const batch of this.#allBatches.iterate()) {
      batches += 1
      const run = Number(batch['run'])
      const from = Number(batch['pos'])
      if (checksum(run, from, batch['body'] as Uint8Array) === batch['crc']) continue
      damaged.push({ run: String(batch['id']), from, to: this.#endOf(run, from) })
    }
    return { batches, damaged }
  }

  /** The position after the batch, as the log has it without looking into it. */
  #endOf(run: number, pos: number): number {
    return Number(this.#end.get(run, pos, run)?.['next'])
  }

  #listRows(query: RunQuery): readonly SqlRow[] {
    const limit = Math.min(query.limit, limits.runsPageMax)
    const before =
      query.before === undefined ? Number.MAX_SAFE_INTEGER : this.#numberOf(query.before)
    return this.#list.rows(query, { before, limit })
  }

  /** 0 for an unknown run: nothing is before it. */
  #numberOf(id: RunId): number {
    return Number(this.#number.get(id)?.['number'] ?? 0)
  }
}

/** About many runs. */
type ListOp = Extract<ReadOp, { kind: (typeof listOps)[number] }>

const listOps = ['list', 'listed', 'last-runs', 'unfinished'] as const

function isListOp(op: ReadOp): op is ListOp {
  return listOps.some((kind) => kind === op.kind)
}

/** From the batch that holds the position on. */
const batchesSql = `
  SELECT pos, crc, body FROM batches
  WHERE run = ? AND pos >= (SELECT max(pos) FROM batches WHERE run = ? AND pos <= ?) ORDER BY pos`

function bytesOfLines(body: Uint8Array, pos: number): number {
  return decodeBatch(body, pos).reduce((sum, group) => sum + group.bytes.length, 0)
}

function toBounds(row: SqlRow | undefined): ReadAnswers['bounds'] {
  const { first, next, epoch } = row ?? {}
  return { first: Number(first ?? 0), next: Number(next ?? 0), epoch: Number(epoch ?? 0) }
}

function toSession(row: SqlRow | undefined): Session | undefined {
  if (row === undefined) return undefined
  return {
    digest: String(row['digest']),
    createdAt: Number(row['created_at']),
    expiresAt: Number(row['expires_at']),
    idleUntil: Number(row['idle_until']),
  }
}
