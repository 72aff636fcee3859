/** Asks the disk itself why SQLite could not write to it. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** `full`: no room or quota for a little more. Undefined: a little more can be written. */
export function whyNotWritten(directory: string): 'full' | 'read-only' | undefined {
  const file = join(directory, `probe-${process.pid}`)
  try {
    const handle = openSync(file, 'w', 0o600)
    try {
      writeSync(handle, new Uint8Array(probeBytes))
    } finally {
      closeSync(handle)
      rmSync(file, { force: true })
    }
    return undefined
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
    if (fullCodes.includes(code)) return 'full'
    return readOnlyCodes.includes(code) ? 'read-only' : undefined
  }
}

/** About one transaction: a disk that takes a few bytes may still be too full for that. */
const probeBytes = 256 * 1024

const fullCodes: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG']
const readOnlyCodes: readonly string[] = ['EROFS', 'EACCES', 'EPERM']
