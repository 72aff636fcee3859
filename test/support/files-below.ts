/** What lies in the files of a directory. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Texts of all files below a directory, one character for each byte; those that go meanwhile are left out. */
export function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      try {
        return readFileSync(join(entry.parentPath, entry.name), 'latin1')
      } catch {
        return []
      }
    })
}
