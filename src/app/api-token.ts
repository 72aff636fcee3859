/** The token by which the command line of the same user talks to the server, in a file of mode 0600. */
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type DataDirectory, writePrivateFile } from './data-directory.ts'

const tokenPattern = /^[A-Za-z0-9_-]{43}$/

/** The token of the data directory, or undefined when there is none. */
export function readApiToken(directory: DataDirectory): string | undefined {
  try {
    const token = readFileSync(directory.tokenFile, 'utf8').trim()
    return tokenPattern.test(token) ? token : undefined
  } catch {
    return undefined
  }
}

/** The token of the data directory; made (256 bits) when there is none. */
export function ensureApiToken(directory: DataDirectory): string {
  const known = readApiToken(directory)
  if (known !== undefined) return known
  const token = randomBytes(32).toString('base64url')
  writePrivateFile(directory.tokenFile, `${token}\n`)
  return token
}

/** What the server keeps of a token: SHA-256 in hex. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
