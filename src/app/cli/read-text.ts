/** The text of a file that a person has named. */
import { readFileSync } from 'node:fs'
import { displayText } from '../../shared/display.ts'
import { UsageError } from '../usage-error.ts'

/** "-" is standard input. */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new UsageError(
      `${displayText(file)} cannot be read: ${why}.`,
      'Name a file, or "-" for standard input.',
    )
  }
}
