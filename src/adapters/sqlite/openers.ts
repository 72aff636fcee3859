/**
 * Who has the store open, as rows in it. A row whose process is gone tells of an unclean end.
 *
 * With `--sync interval` a power cut may take back lines that viewers have seen; their positions
 * would then get other texts. So after an unclean end with that option every unfinished run of that
 * opener gets a higher epoch: viewers with the old one are told to start anew. (A run whose end is
 * stored has lost nothing, as everything before the end was written earlier.)
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { SqlDatabase } from './driver.ts'
import type { ThreadData } from './messages.ts'

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
    const raise = database.prepare(
      "UPDATE run_states SET epoch = epoch + 1 WHERE state <> 'ended' AND opener = ?",
    )
    const remove = database.prepare('DELETE FROM openers WHERE id = ?')
    for (const other of dead) {
      if (other['sync'] === 'interval') raise.run(String(other['id']))
      remove.run(String(other['id']))
    }
    database.prepare('INSERT INTO openers VALUES (?, ?, ?)').run(id, nameOf(process.pid), sync)
    database.exec('COMMIT')
    return { id, afterUncleanEnd: dead.length > 0 }
  } catch (thrown) {
    database.exec('ROLLBACK')
    throw thrown
  }
}

/** The last act of a clean end. */
export function removeOpener(database: SqlDatabase, opener: Opener): void {
  database.prepare('DELETE FROM openers WHERE id = ?').run(opener.id)
}

/** A process by number, start and boot: numbers are used again. */
function nameOf(pid: number): string {
  return `${pid} ${startOf(pid)} ${textOf('/proc/sys/kernel/random/boot_id').trim()}`
}

function isAlive(name: string): boolean {
  const pid = Number(name.split(' ')[0])
  try {
    process.kill(pid, 0)
  } catch (thrown) {
    // Not permitted means that it lives, as another user's.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM')) return false
  }
  return nameOf(pid) === name
}

/** Clock ticks from boot to its start; empty for a zombie and where there is no /proc. */
function startOf(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`)
  // The command in brackets may hold anything; the fields after the last bracket are fixed.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? '' : (fields[19] ?? '')
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
