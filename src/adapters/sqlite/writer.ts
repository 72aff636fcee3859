/** The writer: commits all that is queued in one transaction, so that one sync serves many batches. */
import { statSync } from 'node:fs'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { loadDriver, type SqlDatabase, type SqlStatement } from './driver.ts'
import type { Answer, ThreadData, Ticketed, WriteOp } from './messages.ts'
import { type Opener, registerOpener, removeOpener } from './openers.ts'
import { rollBack } from './roll-back.ts'
import { openForWriting, pageBytes } from './schema.ts'
import { damageHint, describeFailure } from './sql-failure.ts'
import { WriteStatements, WriteTransaction } from './write-transaction.ts'

export interface QueuedOp extends Ticketed<WriteOp> {
  /** Of its burst. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export class Writer {
  readonly #data: ThreadData
  readonly #database: SqlDatabase
  readonly #opener: Opener
  readonly #sql: WriteStatements
  readonly #checkpoint: SqlStatement
  readonly #sweep: SqlStatement
  readonly #bury: SqlStatement
  /** Runs whose dropped lines are still in the file, removed runs among them. */
  readonly #dropped: Set<number>
  /** Since the last checkpoint: bytes of new batches, and all bytes written to the WAL, about. */
  #newBytes = 0
  #walBytes = 0
  #failure: AppError | undefined

  static async open(data: ThreadData): Promise<Writer> {
    return new Writer(data, openForWriting(await loadDriver(), data.file))
  }

  private constructor(data: ThreadData, database: SqlDatabase) {
    this.#data = data
    this.#database = database
    this.#opener = registerOpener(database, data.sync)
    if (this.#opener.afterUncleanEnd) this.#refuseDamage()
    this.#sql = new WriteStatements(database)
    this.#checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)')
    this.#sweep = database.prepare(sweepSql)
    this.#bury = database.prepare(burySql)
    this.#dropped = new Set(
      database
        .prepare(droppedSql)
        .all()
        .map((row) => Number(row['run'])),
    )
  }

  /** Applies the ops in one transaction. Answers in their order, each once it is committed. */
  commit(ops: readonly QueuedOp[]): Answer[] {
    if (this.#failure !== undefined) return refuseAll(ops, this.#failure)
    try {
      this.#syncFor(ops)
      this.#database.exec('BEGIN IMMEDIATE')
      const transaction = new WriteTransaction(this.#sql, this.#opener.id)
      const answers = ops.map((queued) => answerTo(transaction, queued))
      transaction.flush()
      this.#database.exec('COMMIT')
      this.#note(ops)
      for (const run of transaction.dropped) this.#dropped.add(run)
      return answers
    } catch (thrown) {
      return refuseAll(ops, this.#fail(thrown))
    }
  }

  /** Work for between transactions. True when there is more of it. */
  tidy(): boolean {
    if (this.#failure !== undefined) return false
    try {
      const isDue = this.#newBytes >= newBytesMax || this.#walBytes >= walBytesBetween
      if (isDue) this.#runCheckpoint()
      return this.#sweepSome()
    } catch (thrown) {
      this.#fail(thrown)
      return false
    }
  }

  close(): void {
    // After a failed sync nothing may be written that would count on it: left as after a crash.
    if (this.#failure !== undefined) return
    this.#database.exec('PRAGMA synchronous = FULL')
    removeOpener(this.#database, this.#opener)
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#database.close()
  }

  /** Only lines may wait for the interval: who owns what, and who is logged in, must last. */
  #syncFor(ops: readonly QueuedOp[]): void {
    if (this.#data.sync === 'full') return
    const isLinesOnly = ops.every(({ op }) => op.kind === 'append' || op.kind === 'save')
    this.#database.exec(`PRAGMA synchronous = ${isLinesOnly ? 'NORMAL' : 'FULL'}`)
  }

  #note(ops: readonly QueuedOp[]): void {
    this.#walBytes += pagesPerCommit * pageBytes
    for (const { op } of ops) this.#addBytes(bytesOf(op))
  }

  #addBytes(bytes: number): void {
    this.#newBytes += bytes
    this.#walBytes += bytes
  }

  #runCheckpoint(): void {
    const { log } = this.#checkpoint.get() ?? {}
    this.#newBytes = 0
    this.#walBytes = 0
    // A reader that was in the way keeps the WAL growing; then it is waited for.
    if (Number(log) * pageBytes > limits.walBytesMax)
      this.#database.exec('PRAGMA wal_checkpoint(RESTART)')
  }

  /** Deletes a slice, so that appends never wait for a large run to be gone. */
  #sweepSome(): boolean {
    const [run] = this.#dropped
    if (run === undefined) return false
    this.#database.exec('BEGIN IMMEDIATE')
    const { changes } = this.#sweep.run(run, run)
    if (Number(changes) === 0) this.#bury.run(run)
    this.#database.exec('COMMIT')
    this.#addBytes(Number(changes) * pageBytes)
    if (Number(changes) === 0) this.#dropped.delete(run)
    return this.#dropped.size > 0
  }

  #fail(thrown: unknown): AppError {
    rollBack(this.#database)
    const failure = describeFailure(thrown, this.#data.directory)
    if (failure.isFinal) this.#failure = failure.error
    return failure.error
  }

  #refuseDamage(): void {
    // Reading all of a large file would take longer than a start may; batches have checksums anyway.
    if (statSync(this.#data.file).size > limits.checkedBytesMax) return
    const found = this.#database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
    if (found === 'ok') return
    this.#database.close()
    throw new AppError('store-failed', `${this.#data.file} is damaged: ${String(found)}.`, {
      hint: damageHint,
    })
  }
}

/** About 10 ms of copying: a commit may have to wait that long, once per so many bytes. */
const newBytesMax = 4 * 1024 * 1024

/**
 * Small commits write the same few pages again and again. Of these only the last is copied, so that
 * a checkpoint can be rare: one per 1,000 commits.
 */
const walBytesBetween = 32 * 1024 * 1024

/** Roughly what a commit writes besides the batches. */
const pagesPerCommit = 4

/** What an op writes that may be large, about: its batch and its progress, or a document. */
export function bytesOf(op: WriteOp): number {
  if (op.kind === 'put-record') return op.record.body.length
  if (op.kind !== 'append' && op.kind !== 'save') return 0
  const progress = op.change.progress.reduce((sum, { value }) => sum + value.length, 0)
  return progress + (op.kind === 'append' ? op.length : 0)
}

const sweepSql = `
  DELETE FROM batches WHERE number IN (
    SELECT batches.number FROM batches WHERE run = ?
    AND pos < (SELECT first FROM run_states WHERE run_states.run = ?) LIMIT 32
  )`

/** The last row of a run that was removed. */
const burySql = `
  DELETE FROM run_states WHERE run = ?
  AND NOT EXISTS (SELECT 1 FROM runs WHERE number = run_states.run)`

const droppedSql = `
  SELECT run FROM run_states WHERE first > 0
  AND EXISTS (SELECT 1 FROM batches WHERE batches.run = run_states.run AND pos < first)
  UNION SELECT run FROM run_states
  WHERE NOT EXISTS (SELECT 1 FROM runs WHERE number = run_states.run)`

function answerTo(transaction: WriteTransaction, queued: QueuedOp): Answer {
  const { ticket, op, bytes } = queued
  try {
    return { ticket, value: transaction.apply(op, bytes) }
  } catch (thrown) {
    // A refusal concerns this op alone: it has written nothing. All else ends the transaction.
    if (thrown instanceof AppError) return { ticket, error: thrown.toBody().error }
    throw thrown
  }
}

function refuseAll(ops: readonly QueuedOp[], error: AppError): Answer[] {
  return ops.map(({ ticket }) => ({ ticket, error: error.toBody().error }))
}
