/** What a failure of SQLite or the disk means: a sentence for people, and whether it can pass. */
import { AppError } from '../../shared/errors.ts'

export interface SqlFailure {
  readonly error: AppError
  /** Nothing may be written any more: what is on the disk is not known. */
  readonly isFinal: boolean
}

/** Result code of SQLite (extended, low byte is the primary one), or undefined when it is no such error. */
function sqlCodeOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return undefined
  return typeof thrown.errcode === 'number' ? thrown.errcode : undefined
}

/** Another process holds the lock. */
export function isBusy(thrown: unknown): boolean {
  return ((sqlCodeOf(thrown) ?? 0) & 255) === primary.busy
}

/** The sentence for what SQLite has thrown, and whether the store can go on after it. */
export function describeFailure(thrown: unknown, directory: string): SqlFailure {
  if (thrown instanceof AppError) return { error: thrown, isFinal: false }
  const code = sqlCodeOf(thrown)
  const fail = (what: string, hint?: string): AppError => {
    const options = hint === undefined ? { cause: thrown } : { cause: thrown, hint }
    return new AppError('store-failed', `${what} (data directory ${directory}).`, options)
  }
  if (code === undefined) return { error: fail(`The store failed: ${text(thrown)}`), isFinal: true }
  if (code === ioFsync || code === ioDirFsync) {
    const what = 'The disk did not confirm a write; nothing more is written'
    return { error: fail(`${what}: ${text(thrown)}`), isFinal: true }
  }
  switch (code & 255) {
    case primary.full:
      return {
        error: fail('The disk is full; nothing of this was stored', roomHint),
        isFinal: false,
      }
    case primary.busy:
      return { error: fail('Another process holds the store', busyHint), isFinal: false }
    case primary.readOnly:
      return { error: fail('The store cannot be written to', rightsHint), isFinal: false }
    case primary.cannotOpen:
      return { error: fail('The store cannot be opened', rightsHint), isFinal: false }
    case primary.corrupt:
    case primary.notADatabase:
      return { error: fail(`The store is damaged: ${text(thrown)}`, damageHint), isFinal: true }
    default:
      return { error: fail(`The disk failed: ${text(thrown)}`), isFinal: false }
  }
}

/** https://sqlite.org/rescode.html */
const primary = { busy: 5, readOnly: 8, full: 13, corrupt: 11, cannotOpen: 14, notADatabase: 26 }
const ioFsync = 1034
const ioDirFsync = 1290

const roomHint = 'Make room on the disk; Farglass then goes on by itself.'
const busyHint = 'Stop the other process, or wait for it.'
const rightsHint = 'Check owner and rights of the directory, and that its disk is writable.'
export const damageHint =
  'Stop Farglass, copy the directory, and restore farglass.sqlite from a backup.'

function text(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
