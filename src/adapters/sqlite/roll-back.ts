/** The end of a transaction that has failed. */
import type { SqlDatabase } from './driver.ts'

/** Never throws: for most errors of the disk SQLite has done it already, and that error counts. */
export function rollBack(database: SqlDatabase): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // There is no transaction any more.
  }
}
