/**
 * Who has the store open, as rows in it. A row whose process is gone tells of an unclean end.
 *
 * With `--sync interval` a power cut may take back lines that viewers have seen; their positions
 * then get other texts. So after an unclean end with that option every unfinished run of that opener
 * gets a higher epoch and a note of where its log ended: viewers that have more from an earlier
 * epoch drop it. (A run whose end is stored has lost nothing, as everything before the end was
 * written earlier.)
 */
import { randomUUID } from 'node:crypto'
import { isAlive, ownName } from '../system/process-identity.ts'
import type { SqlDatabase } from './driver.ts'
import type { ThreadData } from './messages.ts'
import { rollBack } from './roll-back.ts'

export interface Opener {
  readonly id: string
  /** Whether a process before has ended without closing the store. */
  readonly afterUncleanEnd: boolean
}

/** Writes the row of this process and takes the rows of dead ones away. */
export function registerOpener(database: SqlDatabase, sync: ThreadData['sync']): Opener {
  const id = randomUUID()
  database.exec('BEGIN IMMEDIATE')
  try {
    const others = database.prepare('SELECT id, process, sync FROM openers').all()
    const dead = others.filter((other) => !isAlive(String(other['process'])))
    const raise = database.prepare(raiseSql)
    const remove = database.prepare('DELETE FROM openers WHERE id = ?')
    for (const other of dead) {
      if (other['sync'] === 'interval') raise.run(String(other['id']))
      remove.run(String(other['id']))
    }
    database.prepare('INSERT INTO openers VALUES (?, ?, ?)').run(id, ownName(), sync)
    database.exec('COMMIT')
    return { id, afterUncleanEnd: dead.length > 0 }
  } catch (thrown) {
    rollBack(database)
    throw thrown
  }
}

/** One note is enough: a viewer that missed two of them drops what is after the lower position. */
const raiseSql = `
  UPDATE run_states SET epoch = epoch + 1, reset_epoch = epoch + 1,
    reset_from = min(next, coalesce(reset_from, next))
  WHERE state <> 'ended' AND opener = ?`

/** The last act of a clean end. */
export function removeOpener(database: SqlDatabase, opener: Opener): void {
  database.prepare('DELETE FROM openers WHERE id = ?').run(opener.id)
}
