/** What a failure of SQLite or the disk means: a sentence for people, and whether it can pass. */
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import { whyNotWritten } from './disk-probe.ts'

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
  const { what, hint, code = 'store-failed', isFinal = false } = meaningOf(thrown, directory)
  const options = hint === undefined ? { cause: thrown } : { cause: thrown, hint }
  return { error: new AppError(code, `${what} (data directory ${directory}).`, options), isFinal }
}

interface Meaning {
  readonly what: string
  readonly hint?: string
  readonly code?: ErrorCode
  readonly isFinal?: boolean
}

function meaningOf(thrown: unknown, directory: string): Meaning {
  const code = sqlCodeOf(thrown)
  if (code === undefined) return { what: `The store failed: ${text(thrown)}`, isFinal: true }
  if (syncFailures.includes(code)) {
    const what = 'The disk did not confirm a write; nothing more is written'
    return { what: `${what}: ${text(thrown)}`, isFinal: true }
  }
  const why = writeFailures.includes(code) ? whyNotWritten(directory) : undefined
  if (why !== undefined) return why === 'full' ? full : readOnly
  switch (code & 255) {
    case primary.full:
      return full
    case primary.busy:
      return { what: 'Another process holds the store', code: 'store-busy' }
    case primary.readOnly:
      return readOnly
    case primary.cannotOpen:
      return { what: 'The store cannot be opened', hint: rightsHint }
    case primary.corrupt:
    case primary.notADatabase:
      return { what: `The store is damaged: ${text(thrown)}`, hint: damageHint, isFinal: true }
    default:
      return { what: `The disk failed: ${text(thrown)}` }
  }
}

/** https://sqlite.org/rescode.html */
const primary = { busy: 5, readOnly: 8, full: 13, corrupt: 11, cannotOpen: 14, notADatabase: 26 }
const syncFailures: readonly number[] = [1034, 1290]

/**
 * Of these SQLite tells no reason: writing and growing of its files, and opening them. A full disk
 * is its own code only where the system says "no space", not for a quota or a limit on file sizes.
 */
const writeFailures: readonly number[] = [778, 1546, 4618, 4874, 5386, 14]

const rightsHint = 'Check owner and rights of the directory, and that its disk is writable.'
const full: Meaning = { what: 'The disk of Farglass is full', code: 'disk-full' }
const readOnly: Meaning = { what: 'The store cannot be written to', hint: rightsHint }
export const damageHint =
  'Stop Farglass, copy the directory, and restore farglass.sqlite from a backup.'

function text(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
