/** Node cannot open a terminal by itself; util-linux `script` can, where it is installed. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Makes the argv that runs a command in a terminal. Null where this machine has no way. */
export type Terminal = ((command: string) => readonly [string, ...string[]]) | null

export async function findTerminal(): Promise<Terminal> {
  try {
    const { stdout } = await promisify(execFile)('script', ['--version'], { timeout: 5_000 })
    // The `script` of BSD and macOS has other options.
    if (!stdout.includes('util-linux')) return null
  } catch {
    return null
  }
  return (command) => ['script', '-qfec', command, '/dev/null']
}
