/**
 * The embedded store: log, catalog, documents and sessions in one SQLite database (docs/adr/0004-sqlite-driver.md).
 *
 *     main thread                write thread                    disk
 *     append ─┐ per turn of the
 *     append ─┼─ event loop ───▶ drains all queued ─▶ 1 transaction ─▶ WAL, 1 sync
 *     save   ─┘  one message ◀── answers of all ◀──────────────────────┘
 *     read  ───────────────────▶ read thread: own connection, does not wait for commits
 *
 * Several processes may have the same directory open: each transaction reads the run's epoch and
 * next position under SQLite's lock.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { LogStore } from '../../core/store/log-store.ts'
import type { RecordStore } from '../../core/store/record-store.ts'
import type { RunCatalog } from '../../core/store/run-catalog.ts'
import type { SessionStore } from '../../core/store/session-store.ts'
import { AppError } from '../../shared/errors.ts'
import type { StoreReport, ThreadData } from './messages.ts'
import { databaseName } from './schema.ts'
import { SqliteCatalog } from './sqlite-catalog.ts'
import { SqliteLog } from './sqlite-log.ts'
import { SqliteRecords } from './sqlite-records.ts'
import { SqliteSessions } from './sqlite-sessions.ts'
import { StoreThreads } from './store-threads.ts'

export interface SqliteStore {
  readonly log: LogStore
  readonly catalog: RunCatalog
  readonly sessions: SessionStore
  readonly records: RecordStore
  /** Reads all that is stored and compares it with its checksums: a second per gigabyte or more. */
  verify(): Promise<StoreReport>
  /** Waits for what is under way, then leaves a database that no other file belongs to. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Opens the store, which is made when it is not there. `full`: an append resolves when it is synced.
 * `interval`: when it is committed; the sync follows within `limits.syncIntervalMs`. Rejects with
 * `store-failed` and a sentence that names the directory.
 */
export async function openSqliteStore(options: {
  readonly directory: string
  readonly sync: 'full' | 'interval'
}): Promise<SqliteStore> {
  const { directory, sync } = options
  const file = join(directory, databaseName)
  makePrivateFile(directory, file)
  const data: ThreadData = { directory, file, sync }
  const threads = await StoreThreads.start(data)
  const log = new SqliteLog(threads)
  return {
    log,
    catalog: new SqliteCatalog(threads),
    sessions: new SqliteSessions(threads),
    records: new SqliteRecords(threads),
    verify: () => threads.read<'verify'>({ kind: 'verify' }),
    [Symbol.asyncDispose]: () => threads.close(),
  }
}

/** SQLite gives its other files the rights of this one, so it is made before SQLite would. */
function makePrivateFile(directory: string, file: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) return
    closeSync(openSync(file, 'a', 0o600))
    syncDirectory(directory)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('store-failed', `The data directory ${directory} cannot be used: ${why}.`, {
      cause,
      hint: 'Give another one with --data DIR, or correct its owner and rights.',
    })
  }
}

/** Else a power cut could take the new file away, with all that is in it. */
function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
