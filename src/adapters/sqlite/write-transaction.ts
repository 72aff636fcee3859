/** One transaction of the writer: applies ops in order and writes each changed run and task once. */
import { crc32 } from 'node:zlib'
import { answerAppend, checkEnded, checkMarks, keptAfter } from '../../core/store/log-rules.ts'
import type { AppendResult, RunChange } from '../../core/store/log-store.ts'
import type { AcquiredRun, CreateResult } from '../../core/store/run-catalog.ts'
import { AppError } from '../../shared/errors.ts'
import type { Mark } from '../../shared/mark.ts'
import type { Run, RunId } from '../../shared/run.ts'
import type { SqlDatabase, SqlStatement } from './driver.ts'
import { marksOf, marksSql } from './mark-rows.ts'
import type { StoredChange, WriteOp } from './messages.ts'
import { RecordWrites } from './record-rows.ts'
import { bodyOf, RunRows } from './run-rows.ts'

type Op<Kind extends WriteOp['kind']> = Extract<WriteOp, { kind: Kind }>

type OpOnRun = Exclude<Extract<WriteOp, { run: unknown }>, Op<'append' | 'save'>>

/** Documents and sessions. */
type OpBesideRuns = Exclude<WriteOp, { run: unknown }>

export class WriteTransaction {
  readonly #sql: WriteStatements
  readonly #opener: string
  readonly #touched = new Map<RunId, TouchedRun>()
  /** Numbers of the runs whose batches are no longer wanted, once this is committed. */
  readonly dropped: number[] = []

  constructor(sql: WriteStatements, opener: string) {
    this.#sql = sql
    this.#opener = opener
  }

  /** What the op is answered once the transaction is committed. */
  apply(op: WriteOp, bytes: Uint8Array): unknown {
    if (op.kind === 'append') return this.#append(op, bytes)
    if (op.kind === 'save') return this.#save(op)
    // The others look at whole rows, so these must be as the ops before have made them.
    this.flush()
    return 'run' in op ? this.#applyToRun(op) : this.#applyBesideRuns(op)
  }

  /** Writes what the ops have changed. To be called before the commit. */
  flush(): void {
    for (const run of this.#touched.values()) {
      if (run.isMoved) this.#sql.move.run(run.next, run.lines, run.gaps, run.number)
      if (run.state !== undefined) {
        const { state, outcome, endedAt } = run.state
        this.#sql.setState.run(state, outcome, endedAt, run.number)
      }
      for (const [id, body] of run.tasks) this.#sql.setTask.run(body, run.number, id)
      for (const [id, value] of run.progress) this.#sql.setProgress.run(run.number, id, value)
    }
    this.#touched.clear()
  }

  #applyToRun(op: OpOnRun): unknown {
    switch (op.kind) {
      case 'create':
        return this.#create(op)
      case 'acquire':
        return this.#acquire(op)
      case 'drop':
        return this.#drop(op)
      case 'remove':
        return this.#remove(op)
      case 'keep':
        return this.#keep(op)
      case 'mark':
        return this.#mark(op)
    }
  }

  #applyBesideRuns(op: OpBesideRuns): unknown {
    switch (op.kind) {
      case 'put-record':
        return this.#sql.records.put(op.record)
      case 'remove-record':
        return this.#sql.records.remove(op.of, op.name, op.version)
      case 'put-session': {
        const { digest, createdAt, expiresAt, idleUntil } = op.session
        this.#sql.putSession.run(digest, createdAt, expiresAt, idleUntil)
        return undefined
      }
      case 'remove-session':
        return Number(this.#sql.removeSession.run(op.digest).changes) > 0
      case 'prune-sessions':
        this.#sql.pruneSessions.run(op.now, op.now)
        return undefined
    }
  }

  #append(op: Op<'append'>, bytes: Uint8Array): AppendResult {
    const run = this.#touch(op.run)
    if (run === undefined) throw noSuchRun(op.run)
    const answer = answerAppend(run, { epoch: op.epoch, pos: op.pos, count: op.count.positions })
    if (answer.kind !== 'stored') return answer
    const body = bytes.subarray(op.offset, op.offset + op.length)
    this.#sql.addBatch.run(run.number, op.pos, checksum(run.number, op.pos, body), body)
    run.next = answer.next
    run.lines += op.count.lines
    run.gaps += op.count.gaps
    run.isMoved = true
    change(run, op.change)
    return answer
  }

  #save(op: Op<'save'>): undefined {
    const { tasks, ...rest } = op.change
    // Their stored rows say how far they are, so these must be as the ops before have made them.
    if (tasks.length > 0) this.flush()
    const run = this.#touch(op.run)
    if (run?.epoch !== op.epoch) return
    for (const { id, body } of tasks) this.#sql.setTaskState.run(body, run.number, id)
    change(run, { tasks: [], ...rest })
  }

  #create(op: Op<'create'>): CreateResult {
    if (op.key !== undefined) {
      const used = this.#sql.getKey.get(op.key.key)
      if (used !== undefined) {
        if (used['digest'] !== op.key.digest) return { kind: 'conflict' }
        return { kind: 'existing', run: this.#require(String(used['run'])) }
      }
    }
    if (this.#sql.rows.get(op.run.id) !== undefined) {
      throw new AppError('conflict', `A run with the id ${op.run.id} is already stored.`)
    }
    const run: Run = { ...op.run, epoch: 1, next: op.run.first, lines: 0, gaps: 0 }
    if (op.key !== undefined) this.#sql.addKey.run(op.key.key, op.key.digest, run.id)
    const number = Number(this.#sql.addRun.get(run.id, bodyOf(run))?.['number'])
    const { state, outcome, endedAt, first, pinned } = run
    const pin = pinned ? 1 : 0
    const { owner } = op
    const opener = this.#opener
    this.#sql.addState.run(number, state, outcome, endedAt, owner, opener, first, first, pin)
    for (const task of run.tasks) {
      this.#sql.addTask.run(number, task.id, JSON.stringify(task))
      this.#sql.addHost.run(task.host, number)
    }
    return { kind: 'created', run }
  }

  #acquire(op: Op<'acquire'>): AcquiredRun | undefined {
    const { number, epoch } = this.#touch(op.run) ?? {}
    if (number === undefined) throw noSuchRun(op.run)
    if (epoch !== op.epoch) return undefined
    this.#touched.delete(op.run)
    this.#sql.acquire.run(op.owner, this.#opener, number)
    const progress = this.#sql.getProgress
      .all(number)
      .map((row): [number, string] => [Number(row['task']), JSON.parse(String(row['value']))])
    return { run: this.#require(op.run), progress: new Map(progress) }
  }

  #drop(op: Op<'drop'>): undefined {
    const { number } = this.#touch(op.run) ?? {}
    if (number === undefined) return
    this.#touched.delete(op.run)
    this.#sql.drop.run(number)
    this.dropped.push(number)
  }

  /** Its row among the states stays until the batches are gone, and says that none is wanted. */
  #remove(op: Op<'remove'>): undefined {
    const { number } = this.#touch(op.run) ?? {}
    if (number === undefined) return
    this.#touched.delete(op.run)
    checkEnded(op.run, this.#require(op.run).state)
    this.#sql.drop.run(number)
    for (const statement of this.#sql.removals) statement.run(number)
    this.#sql.removeKeys.run(op.run)
    this.dropped.push(number)
  }

  #keep(op: Op<'keep'>): Run | undefined {
    const run = this.#sql.rows.get(op.run)
    if (run === undefined) return undefined
    const { pinned, removed } = keptAfter(run, op.change)
    this.#sql.keep.run(pinned ? 1 : 0, removed && JSON.stringify(removed), op.run)
    return { ...run, pinned, removed }
  }

  #mark({ run: id, change: { pos, time, by } }: Op<'mark'>): readonly Mark[] {
    const { number } = this.#touch(id) ?? {}
    if (number === undefined) throw noSuchRun(id)
    const marks = marksOf(this.#sql.marks.all(id))
    if (time === null) this.#sql.unmark.run(number, pos)
    else if (!marks.some((mark) => mark.pos === pos)) {
      checkMarks(id, marks.length)
      this.#sql.mark.run(number, pos, time, by ?? null)
    }
    return marksOf(this.#sql.marks.all(id))
  }

  #require(id: RunId): Run {
    const run = this.#sql.rows.get(id)
    if (run === undefined) throw noSuchRun(id)
    return run
  }

  /** Undefined for an unknown run. Looked up once per transaction: other processes write too. */
  #touch(id: RunId): TouchedRun | undefined {
    const known = this.#touched.get(id)
    if (known !== undefined) return known
    const row = this.#sql.getState.get(id)
    if (row === undefined) return undefined
    const run: TouchedRun = {
      number: Number(row['run']),
      epoch: Number(row['epoch']),
      next: Number(row['next']),
      lines: Number(row['lines']),
      gaps: Number(row['gaps']),
      isMoved: false,
      state: undefined,
      tasks: new Map(),
      progress: new Map(),
    }
    this.#touched.set(id, run)
    return run
  }
}

/** Covers the place too, so that a batch found in another place is noticed. */
export function checksum(run: number, pos: number, body: Uint8Array): number {
  return crc32(body, crc32(`${run}:${pos}`))
}

/** Prepared once per connection. */
export class WriteStatements {
  readonly rows: RunRows
  readonly records: RecordWrites
  readonly getState: SqlStatement
  readonly move: SqlStatement
  readonly setState: SqlStatement
  readonly setTask: SqlStatement
  readonly setTaskState: SqlStatement
  readonly setProgress: SqlStatement
  readonly getProgress: SqlStatement
  readonly addBatch: SqlStatement
  readonly addRun: SqlStatement
  readonly addState: SqlStatement
  readonly addTask: SqlStatement
  readonly addHost: SqlStatement
  readonly getKey: SqlStatement
  readonly addKey: SqlStatement
  readonly acquire: SqlStatement
  readonly drop: SqlStatement
  readonly keep: SqlStatement
  /** What goes with a run, by its number. */
  readonly removals: readonly SqlStatement[]
  readonly removeKeys: SqlStatement
  readonly marks: SqlStatement
  readonly mark: SqlStatement
  readonly unmark: SqlStatement
  readonly putSession: SqlStatement
  readonly removeSession: SqlStatement
  readonly pruneSessions: SqlStatement

  constructor(database: SqlDatabase) {
    const sql = (text: string): SqlStatement => database.prepare(text)
    this.rows = new RunRows(database)
    this.records = new RecordWrites(database)
    this.getState = sql(
      'SELECT run, epoch, next, lines, gaps FROM runs JOIN run_states ON run = number WHERE id = ?',
    )
    this.move = sql('UPDATE run_states SET next = ?, lines = ?, gaps = ? WHERE run = ?')
    this.setState = sql('UPDATE run_states SET state = ?, outcome = ?, ended_at = ? WHERE run = ?')
    this.setTask = sql('UPDATE tasks SET body = ? WHERE run = ? AND id = ?')
    this.setTaskState = sql(setTaskStateSql)
    this.setProgress = sql('INSERT OR REPLACE INTO task_progress VALUES (?, ?, ?)')
    this.getProgress = sql('SELECT task, value FROM task_progress WHERE run = ?')
    this.addBatch = sql('INSERT INTO batches (run, pos, crc, body) VALUES (?, ?, ?, ?)')
    this.addRun = sql('INSERT INTO runs (id, body) VALUES (?, ?) RETURNING number')
    this.addState = sql(
      'INSERT INTO run_states VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, 0, 0, NULL, NULL, ?, NULL)',
    )
    this.addTask = sql('INSERT INTO tasks VALUES (?, ?, ?)')
    this.addHost = sql('INSERT OR IGNORE INTO run_hosts VALUES (?, ?)')
    this.getKey = sql('SELECT digest, run FROM idempotency_keys WHERE key = ?')
    this.addKey = sql('INSERT INTO idempotency_keys VALUES (?, ?, ?)')
    this.acquire = sql(
      'UPDATE run_states SET epoch = epoch + 1, owner = ?, opener = ? WHERE run = ?',
    )
    this.drop = sql('UPDATE run_states SET first = next WHERE run = ?')
    this.keep = sql(keepSql)
    this.removals = [
      sql(removeHostsSql),
      sql('DELETE FROM tasks WHERE run = ?'),
      sql('DELETE FROM task_progress WHERE run = ?'),
      sql('DELETE FROM marks WHERE run = ?'),
      sql('DELETE FROM runs WHERE number = ?'),
    ]
    this.removeKeys = sql('DELETE FROM idempotency_keys WHERE run = ?')
    this.marks = sql(marksSql)
    this.mark = sql('INSERT INTO marks VALUES (?, ?, ?, ?)')
    this.unmark = sql('DELETE FROM marks WHERE run = ? AND pos = ?')
    this.putSession = sql('INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?)')
    this.removeSession = sql('DELETE FROM sessions WHERE digest = ?')
    this.pruneSessions = sql('DELETE FROM sessions WHERE expires_at < ? OR idle_until < ?')
  }
}

const keepSql = `
  UPDATE run_states SET pinned = ?, removed = ? WHERE run = (SELECT number FROM runs WHERE id = ?)`

/** By its hosts, which lead to the rows; the tasks are still there. */
const removeHostsSql = `
  DELETE FROM run_hosts WHERE run = ?1
    AND host IN (SELECT json_extract(body, '$.host') FROM tasks WHERE run = ?1)`

/** All of a task but how far it is: that moves with lines alone. */
const setTaskStateSql = `
  UPDATE tasks SET body = json_set(?,
    '$.outBytes', json_extract(body, '$.outBytes'), '$.errBytes', json_extract(body, '$.errBytes'))
  WHERE run = ? AND id = ?`

interface TouchedRun {
  readonly number: number
  readonly epoch: number
  next: number
  lines: number
  gaps: number
  isMoved: boolean
  state: RunChange | undefined
  /** New values by the task's id. */
  readonly tasks: Map<number, string>
  readonly progress: Map<number, string>
}

function change(run: TouchedRun, { tasks, state, progress }: StoredChange): void {
  for (const task of tasks) run.tasks.set(task.id, task.body)
  // As JSON, because a text that is read from SQLite ends at its first NUL.
  for (const { task, value } of progress) run.progress.set(task, JSON.stringify(value))
  if (state !== undefined) run.state = state
}

function noSuchRun(id: RunId): AppError {
  return new AppError('not-found', `There is no run ${id}.`)
}
