/** The text of a file that a person has named. */
import { readFileSync } from 'node:fs'
import { displayText } from '../../shared/display.ts'
import { UsageError } from '../usage-error.ts'

/** "-" is standard input. */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (thrown) {
    throw unreadableFile(file, thrown)
  }
}

/** What is said of a named file that could not be read. */
export function unreadableFile(file: string, thrown: unknown): UsageError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  const why = reasons[code] ?? (thrown instanceof Error ? thrown.message : String(thrown))
  const name = file === '-' ? 'Standard input' : displayText(file)
  return new UsageError(
    `${name} cannot be read: ${why}.`,
    'Name a file, or "-" for standard input.',
  )
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'you may not read it',
}
