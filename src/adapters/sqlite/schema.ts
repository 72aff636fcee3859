/** Tables of the store, and how a database file is opened and brought to this version. */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { SqlDatabase, SqlDriver } from './driver.ts'
import { rollBack } from './roll-back.ts'
import { isBusy } from './sql-failure.ts'

/**
 * Opens the database for writing, with its tables. Throws `store-failed` when the file belongs to
 * another program or to a newer Farglass.
 */
export function openForWriting(driver: SqlDriver, file: string): SqlDatabase {
  const database = new driver(file)
  try {
    database.exec(`PRAGMA busy_timeout = ${limits.lockTimeoutMs}`)
    refuseForeign(database, file)
    // Only takes effect while the file is empty. A row is mostly one batch of up to 64 KiB; larger
    // pages would make each small commit write more.
    database.exec(`PRAGMA page_size = ${pageBytes}`)
    switchToWal(database)
    // Checkpoints are asked for by the writer itself, so that their errors are seen.
    database.exec('PRAGMA wal_autocheckpoint = 0')
    database.exec(`PRAGMA journal_size_limit = ${limits.walBytesMax}`)
    database.exec('PRAGMA cache_size = -16384')
    database.exec('PRAGMA synchronous = FULL')
    migrate(database, file)
    return database
  } catch (thrown) {
    database.close()
    throw thrown
  }
}

/** Opens the database for reading; readers do not wait for the writer. Its tables must be there. */
export function openForReading(driver: SqlDriver, file: string): SqlDatabase {
  const database = new driver(file)
  database.exec(`PRAGMA busy_timeout = ${limits.lockTimeoutMs}`)
  database.exec('PRAGMA cache_size = -8192')
  // No mmap: an I/O error in a mapped file ends the whole process.
  database.exec('PRAGMA query_only = 1')
  return database
}

export const databaseName = 'farglass.sqlite'
export const pageBytes = 8192

/** "Fglg" as the number that marks the file as ours. */
const applicationId = 0x46676c67

/** One step per version of the schema. A released step never changes; changes are new steps. */
const steps: readonly string[] = [
  `
  CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id     TEXT NOT NULL UNIQUE,
    body   TEXT NOT NULL
  );
  -- Apart from "runs", because a command text of 48 KiB would be rewritten with every batch.
  CREATE TABLE run_states (
    run      INTEGER PRIMARY KEY,
    state    TEXT NOT NULL,
    outcome  TEXT,
    ended_at TEXT,
    owner    TEXT NOT NULL,
    opener   TEXT NOT NULL,
    epoch    INTEGER NOT NULL,
    first    INTEGER NOT NULL,
    next     INTEGER NOT NULL,
    lines    INTEGER NOT NULL
  );
  CREATE INDEX run_states_by_state ON run_states (state, run);
  CREATE TABLE tasks (
    run  INTEGER NOT NULL,
    id   INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run, id)
  ) WITHOUT ROWID;
  -- A plain rowid table: rows are long, and batches of many runs are appended in one place.
  CREATE TABLE batches (
    number INTEGER PRIMARY KEY,
    run    INTEGER NOT NULL,
    pos    INTEGER NOT NULL,
    crc    INTEGER NOT NULL,
    body   BLOB NOT NULL
  );
  CREATE UNIQUE INDEX batches_by_pos ON batches (run, pos);
  CREATE TABLE idempotency_keys (
    key    TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    run    TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE sessions (
    digest     TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    idle_until INTEGER NOT NULL
  ) WITHOUT ROWID;
  -- Who has the store open. A row whose process is gone tells of an unclean end.
  CREATE TABLE openers (
    id      TEXT PRIMARY KEY,
    process TEXT NOT NULL,
    sync    TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  -- Where tasks go on reading, as a JSON string; apart from "tasks", as it is written with nearly every batch.
  CREATE TABLE task_progress (
    run   INTEGER NOT NULL,
    task  INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, task)
  ) WITHOUT ROWID;
  `,
  'ALTER TABLE run_states ADD COLUMN gaps INTEGER NOT NULL DEFAULT 0',
  `
  -- The last epoch that began with lines lost which may have been shown, and the position from which on.
  ALTER TABLE run_states ADD COLUMN reset_epoch INTEGER;
  ALTER TABLE run_states ADD COLUMN reset_from INTEGER;
  `,
  `
  -- Which runs a host has, apart from "tasks": those change with nearly every batch, this never does.
  CREATE TABLE run_hosts (
    host TEXT NOT NULL,
    run  INTEGER NOT NULL,
    PRIMARY KEY (host, run)
  ) WITHOUT ROWID;
  INSERT OR IGNORE INTO run_hosts SELECT json_extract(body, '$.host'), run FROM tasks;
  CREATE INDEX run_states_by_outcome ON run_states (outcome, run);
  `,
  `
  CREATE TABLE marks (
    run  INTEGER NOT NULL,
    pos  INTEGER NOT NULL,
    time TEXT NOT NULL,
    PRIMARY KEY (run, pos)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE records (
    kind    TEXT NOT NULL,
    name    BLOB NOT NULL,
    version INTEGER NOT NULL,
    body    BLOB NOT NULL,
    PRIMARY KEY (kind, name)
  );
  -- The last version that was given, and how many there are.
  CREATE TABLE record_kinds (
    kind  TEXT PRIMARY KEY,
    last  INTEGER NOT NULL,
    count INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  -- Whether retention leaves a run alone, and what it has removed of its lines (JSON).
  ALTER TABLE run_states ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE run_states ADD COLUMN removed TEXT;
  CREATE INDEX run_states_pinned ON run_states (run) WHERE pinned = 1;
  `,
  `
  -- What who marked a line calls themselves; null when they do not say.
  ALTER TABLE marks ADD COLUMN author TEXT;
  `,
]

function refuseForeign(database: SqlDatabase, file: string): void {
  const id = database.prepare('PRAGMA application_id').get()?.['application_id']
  const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.['count']
  if (id === applicationId || (id === 0 && tables === 0)) return
  throw new AppError('store-failed', `${file} is a database of another program.`, {
    hint: 'Give another data directory with --data DIR.',
  })
}

function migrate(database: SqlDatabase, file: string): void {
  if (versionOf(database) === steps.length) return
  database.exec('BEGIN IMMEDIATE')
  try {
    // Looked at again under the lock: another process may have done it meanwhile.
    const version = versionOf(database)
    if (version > steps.length) {
      throw new AppError(
        'store-failed',
        `${file} was written by a newer Farglass (version ${version} of its tables; this one knows ${steps.length}).`,
        { hint: 'Update Farglass, or give another data directory with --data DIR.' },
      )
    }
    for (const step of steps.slice(version)) database.exec(step)
    database.exec(`PRAGMA application_id = ${applicationId}`)
    database.exec(`PRAGMA user_version = ${steps.length}`)
    database.exec('COMMIT')
  } catch (thrown) {
    rollBack(database)
    throw thrown
  }
}

function versionOf(database: SqlDatabase): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
}

/** SQLite does not wait for the lock here by itself when two processes open a new file at once. */
function switchToWal(database: SqlDatabase): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let tries = 0; ; tries++) {
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (thrown) {
      if (!isBusy(thrown) || tries >= switchTriesMax) throw thrown
      Atomics.wait(pause, 0, 0, switchPauseMs)
    }
  }
}

const switchPauseMs = 20
const switchTriesMax = 500
