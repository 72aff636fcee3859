/** The keys of stored secrets: a file outside of what is backed up with them, for one user alone. */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import {
  keyBytes,
  keyRingText,
  newKey,
  parseKeyRing,
  type SecretKeyRing,
} from './secret-key-ring.ts'

export interface SecretKeyPlace {
  readonly file: string
  /** One that somebody has named must be there: made anew it would open nothing that others sealed. */
  readonly origin: 'default' | 'named' | 'credential'
}

export interface SecretKeyFile {
  readonly file: string
  readonly keys: SecretKeyRing
}

/** The file that was named, else the credential that systemd gives, else the one of the user. */
export function secretKeyPlace(
  named: string | null,
  env: Readonly<Record<string, string | undefined>>,
  hasFile: (file: string) => boolean,
): SecretKeyPlace {
  if (named !== null) return { file: named, origin: 'named' }
  const credentials = env['CREDENTIALS_DIRECTORY'] ?? ''
  const credential = join(credentials, 'farglass-secret-key')
  if (credentials !== '' && hasFile(credential)) return { file: credential, origin: 'credential' }
  const given = env['XDG_CONFIG_HOME']
  // A relative value is to be ignored, says the XDG specification.
  const config = given !== undefined && isAbsolute(given) ? given : join(homedir(), '.config')
  return { file: join(config, 'farglass', 'secret.key'), origin: 'default' }
}

/** Undefined when the file is not there. Throws `secret-key` for one that others could read, or that is no key. */
export function readSecretKey({ file, origin }: SecretKeyPlace): SecretKeyFile | undefined {
  const handle = openExisting(file)
  if (handle === undefined) return undefined
  try {
    const complaint = rightsComplaint(fstatSync(handle), origin)
    if (complaint !== undefined) throw refusal(file, complaint, `Correct it: chmod 600 ${file}.`)
    const keys = parseKeyRing(readFileSync(handle, 'utf8'))
    if (keys !== undefined) return { file, keys }
    throw refusal(file, `does not hold ${keyBytes} bytes as base64`, makeHint(file))
  } finally {
    closeSync(handle)
  }
}

/** Makes the key, or takes the one that another process has made meanwhile. */
export function makeSecretKey(place: SecretKeyPlace): SecretKeyFile {
  const { file, origin } = place
  if (origin !== 'default') throw refusal(file, 'is not there', makeHint(file))
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`
  try {
    makeDirectory(dirname(file))
    writeSynced(draft, keyRingText({ current: newKey(), next: null, old: [] }))
    // Unlike a rename, a link never takes the place of a key that is there.
    linkSync(draft, file)
  } catch (thrown) {
    if (!isCode(thrown, 'EEXIST')) throw refusal(file, `cannot be made: ${reason(thrown)}`)
  } finally {
    rmSync(draft, { force: true })
  }
  const made = readSecretKey(place)
  if (made !== undefined) return made
  throw refusal(file, 'has gone again')
}

/** Step by step: the `recursive` of Node 20 never returns where the kernel makes none, as in /proc. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return
  makeDirectory(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (thrown) {
    // Another process may have made it in between.
    if (!existsSync(path)) throw thrown
  }
}

function openExisting(file: string): number | undefined {
  try {
    return openSync(file, 'r')
  } catch (thrown) {
    if (isCode(thrown, 'ENOENT')) return undefined
    throw refusal(file, `cannot be read: ${reason(thrown)}`)
  }
}

/** systemd may give a credential by an access list, which shows as rights of the group. */
function rightsComplaint(stats: Stats, origin: SecretKeyPlace['origin']): string | undefined {
  if (!stats.isFile()) return 'is not a file'
  const user = process.getuid?.()
  const isOurs = user === undefined || stats.uid === user || stats.uid === 0
  if (!isOurs) return `belongs to user ${stats.uid}, and Farglass runs as user ${user}`
  const forbidden = origin === 'credential' ? 0o027 : 0o077
  if ((stats.mode & forbidden) === 0) return undefined
  return `may be read or written by others (mode ${(stats.mode & 0o777).toString(8)})`
}

export function writeSynced(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function makeHint(file: string): string {
  return `Make one: (umask 077; head -c ${keyBytes} /dev/urandom | base64 >${file}), or give the one with which your secrets were sealed.`
}

export function refusal(file: string, complaint: string, hint?: string): AppError {
  const options = hint === undefined ? {} : { hint }
  return new AppError('secret-key', `The key file ${file} ${complaint}.`, options)
}

export function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}

export function reason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
