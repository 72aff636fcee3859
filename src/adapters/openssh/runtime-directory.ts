/** The private directory for sockets and small files of the ssh processes. */
import { chmod, mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Makes it (0700) below `parent`, or below the system's temporary directory where that is too long. */
export async function makeRuntimeDirectory(parent: string): Promise<string> {
  const wanted = join(resolve(parent), 'ssh-')
  const fits = Buffer.byteLength(wanted) + 6 <= directoryBytesMax && plainPath.test(wanted)
  if (fits) await mkdir(parent, { recursive: true, mode: 0o700 })
  const directory = await mkdtemp(fits ? wanted : join(tmpdir(), 'farglass-'))
  await chmod(directory, 0o700)
  return directory
}

/**
 * A Unix socket's path has at most 107 bytes. ssh first binds to the name with 17 more characters,
 * and the name itself takes 10.
 */
const directoryBytesMax = 80

/** No character that ssh would expand (`%`, `~`, `$`) or that needs quoting in an ssh_config file. */
export const plainPath: RegExp = /^[A-Za-z0-9_.,/@+:=-]+$/
