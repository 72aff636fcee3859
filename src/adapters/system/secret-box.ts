/** The SecretBox on AES-256-GCM, with one key in a file that only its owner may read. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { SecretBox } from '../../core/secrets/secret-box.ts'
import { AppError } from '../../shared/errors.ts'
import { Secret } from '../../shared/secret.ts'
import { makeSecretKey, readSecretKey, type SecretKeyPlace } from './secret-key.ts'

/** Touches no file before something is sealed or opened. */
export function createSecretBox(place: SecretKeyPlace): SecretBox {
  let loaded: LoadedKey | undefined
  return {
    seal: (secret, context) => {
      loaded ??= named(readSecretKey(place) ?? makeSecretKey(place))
      return seal(loaded, secret.reveal(), context)
    },
    open: (sealed, context) => {
      loaded ??= named(existingKey(place))
      return new Secret(open(loaded, sealed, context))
    },
  }
}

interface LoadedKey {
  readonly key: Buffer
  /** Tells keys apart in what they have sealed, and says nothing about them. */
  readonly name: string
  readonly file: string
}

const version = 'v1'
const nonceBytes = 12
const tagBytes = 16
/** `v1.KEY.NONCE.TAG-AND-TEXT`, the last two as base64url. */
const sealedPattern = /^v1\.([0-9a-f]{16})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/

function named({ key, file }: { readonly key: Buffer; readonly file: string }): LoadedKey {
  const name = createHash('sha256').update('farglass secret key\0').update(key).digest('hex')
  return { key, file, name: name.slice(0, 16) }
}

/** What opens was sealed before, so a key that is not there is no reason to make one. */
function existingKey(place: SecretKeyPlace): { readonly key: Buffer; readonly file: string } {
  const found = readSecretKey(place)
  if (found !== undefined) return found
  throw unreadable(`its key file ${place.file} is not there`)
}

function seal({ key, name }: LoadedKey, text: string, context: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(boundTo(name, context))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  const whole = Buffer.concat([cipher.getAuthTag(), sealed])
  return `${version}.${name}.${nonce.toString('base64url')}.${whole.toString('base64url')}`
}

function open({ key, name, file }: LoadedKey, sealed: string, context: string): string {
  const [, by, nonce, whole] = sealedPattern.exec(sealed) ?? []
  if (by === undefined || nonce === undefined || whole === undefined) {
    throw unreadable('it is not what was once sealed')
  }
  if (by !== name) throw unreadable(`it was sealed with another key than the one in ${file}`)
  const bytes = Buffer.from(whole, 'base64url')
  // Text that decodes to the same bytes, but was written otherwise, was changed as well.
  if (bytes.toString('base64url') !== whole) throw unreadable('it was changed')
  const options = { authTagLength: tagBytes }
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), options)
  decipher.setAAD(boundTo(name, context))
  decipher.setAuthTag(bytes.subarray(0, tagBytes))
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(tagBytes)), decipher.final()])
    return text.toString('utf8')
  } catch {
    throw unreadable('it was changed, or belongs elsewhere')
  }
}

function boundTo(name: string, context: string): Buffer {
  return Buffer.from(`farglass ${version} ${name}\0${context}`, 'utf8')
}

function unreadable(why: string): AppError {
  return new AppError('secret-unreadable', `A stored secret cannot be opened: ${why}.`)
}
