/** Where Farglass keeps what must last: the store, the API token, and who serves it right now. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { AppError } from '../shared/errors.ts'

export interface DataDirectory {
  readonly path: string
  /** Says which server runs on this directory. */
  readonly serverFile: string
  /** API token of the command line. */
  readonly tokenFile: string
  /** A one-time address for the browser, renewed while the server runs. */
  readonly linkFile: string
}

/** The directory of a flag or variable, else the one that the XDG rules name. Touches no disk. */
export function dataDirectory(given: string | undefined, name = 'farglass'): DataDirectory {
  const path = resolve(given ?? join(stateHome(), name))
  return {
    path,
    serverFile: join(path, 'server.json'),
    tokenFile: join(path, 'api-token'),
    linkFile: join(path, 'link'),
  }
}

/** Makes it when it is not there, for its owner alone. Throws `store-failed` with the path. */
export function ensureDataDirectory(directory: DataDirectory): void {
  const { path } = directory
  refuseForeign(path)
  try {
    const isNew = !existsSync(path)
    makeDirectory(path)
    // The umask may only have taken rights away; others' rights come from a directory made before.
    if (isNew || (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700)
  } catch (cause) {
    throw new AppError(
      'store-failed',
      `The data directory ${path} cannot be used: ${reason(cause)}.`,
      {
        cause,
        hint: 'Give another one with --data DIR, or correct its owner and rights.',
      },
    )
  }
}

/** Step by step: the `recursive` of Node 20 never returns where the kernel makes none, as in /proc. */
function makeDirectory(path: string): void {
  const found = statsOf(path)
  if (found?.isDirectory() === true) return
  if (found !== undefined) throw new Error(`${path} is not a directory`)
  makeDirectory(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (thrown) {
    // Another process may have made it in between.
    if (statsOf(path)?.isDirectory() !== true) throw thrown
  }
}

/** Undefined also where a part of the path is a file, which `throwIfNoEntry` does not cover. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** Who owns a directory can take its files away and put others there, whatever their rights. */
function refuseForeign(path: string): void {
  const owner = ownerOf(path)
  const user = process.getuid?.()
  if (owner === undefined || user === undefined || owner === user) return
  throw new AppError(
    'store-failed',
    `The data directory ${path} cannot be used: it belongs to user ${owner}, and Farglass runs as user ${user}.`,
    { hint: 'Run Farglass as its owner, or give another directory with --data DIR.' },
  )
}

/** Undefined where nothing can be seen: then making the directory says why. */
function ownerOf(path: string): number | undefined {
  try {
    return statSync(path).uid
  } catch {
    return undefined
  }
}

/** Writes a file that only its owner may read, whole or not at all. */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text, { mode: 0o600 })
  renameSync(draft, file)
}

function stateHome(): string {
  const given = process.env['XDG_STATE_HOME']
  // A relative value is to be ignored, says the XDG specification.
  if (given !== undefined && isAbsolute(given)) return given
  return join(homedir(), '.local', 'state')
}

function reason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
