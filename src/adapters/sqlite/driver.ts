/** SQLite itself: Node's own where it has one, else the package with the same interface. */
import { AppError } from '../../shared/errors.ts'

/** What of `node:sqlite` is used here. */
export interface SqlDatabase {
  exec(sql: string): void
  prepare(sql: string): SqlStatement
  close(): void
}

export interface SqlStatement {
  run(...values: SqlValue[]): { readonly changes: number | bigint }
  get(...values: SqlValue[]): SqlRow | undefined
  all(...values: SqlValue[]): SqlRow[]
  iterate(...values: SqlValue[]): IterableIterator<SqlRow>
}

export type SqlValue = string | number | null | Uint8Array

export type SqlRow = Readonly<Record<string, SqlValue>>

export type SqlDriver = new (path: string) => SqlDatabase

/**
 * Loads it. Whoever opens a database must keep a reference to it as long as it is in use: the
 * package closes it when the object is collected, even while its statements live.
 */
export async function loadDriver(): Promise<SqlDriver> {
  const builtIn = process.getBuiltinModule('node:sqlite')
  // The types of Node 20 do not know the module; both modules have the shape above.
  if (builtIn !== undefined) return (builtIn as { DatabaseSync: SqlDriver }).DatabaseSync
  try {
    // Its own types name more than is used here.
    const { DatabaseSync } = await import('@photostructure/sqlite')
    return DatabaseSync as unknown as SqlDriver
  } catch (cause) {
    throw new AppError(
      'store-failed',
      'No SQLite for this system: neither in Node nor installed.',
      {
        cause,
        hint: 'Use Node 22.13 or newer, which has its own.',
      },
    )
  }
}
