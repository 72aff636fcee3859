/** The SecretBox on AES-256-GCM, with its keys in a file that only its owner may read. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import type { SecretBox } from '../../core/secrets/secret-box.ts'
import { AppError } from '../../shared/errors.ts'
import { Secret } from '../../shared/secret.ts'
import {
  makeSecretKey,
  readSecretKey,
  type SecretKeyFile,
  type SecretKeyPlace,
} from './secret-key.ts'
import { keyName } from './secret-key-ring.ts'

/** Touches no file before something is sealed or opened. */
export function createSecretBox(place: SecretKeyPlace): SecretBox {
  let loaded: LoadedKeys | undefined
  /** As the file is now: somebody may have turned the keys meanwhile. */
  const load = (read: () => SecretKeyFile): LoadedKeys => {
    const stamp = stampOf(place)
    // One that has gone is of use as long as this process lives.
    if (loaded !== undefined && stamp === null) return loaded
    if (loaded === undefined || loaded.stamp !== stamp) loaded = { ...loadedKeys(read()), stamp }
    return loaded
  }
  const loadToSeal = () => load(() => readSecretKey(place) ?? makeSecretKey(place))
  const loadToOpen = () => load(() => existingKey(place))
  const tryOpen = (sealed: string, context: string): string | undefined => {
    try {
      return open(loadToOpen(), sealed, context)
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'secret-unreadable') return undefined
      throw thrown
    }
  }
  return {
    seal: (secret, context) => seal(loadToSeal().current, secret.reveal(), context),
    open: (sealed, context) => new Secret(open(loadToOpen(), sealed, context)),
    reseal: (sealed, context) => {
      const text = tryOpen(sealed, context)
      const { current } = loadToOpen()
      return text === undefined || keyIn(sealed) === current.name
        ? sealed
        : seal(current, text, context)
    },
    keyOf: (sealed, context) =>
      tryOpen(sealed, context) === undefined ? null : (keyIn(sealed) ?? null),
  }
}

interface LoadedKey {
  readonly key: Buffer
  readonly name: string
}

interface LoadedKeys {
  readonly file: string
  readonly current: LoadedKey
  /** By name, all that open. */
  readonly all: ReadonlyMap<string, LoadedKey>
  /** Of the file that they are from; null when that was just made. */
  readonly stamp: string | null
}

const version = 'v1'
const nonceBytes = 12
const tagBytes = 16
/** `v1.KEY.NONCE.TAG-AND-TEXT`, the last two as base64url. */
const sealedPattern = /^v1\.([0-9a-f]{16})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/

function loadedKeys({ file, keys }: SecretKeyFile): Omit<LoadedKeys, 'stamp'> {
  const { current, next, old } = keys
  const named = [current, ...(next === null ? [] : [next]), ...old].map((key) => ({
    key,
    name: keyName(key),
  }))
  const all = new Map(named.map((each) => [each.name, each]))
  return { file, current: { key: current, name: keyName(current) }, all }
}

function keyIn(sealed: string): string | undefined {
  return sealedPattern.exec(sealed)?.[1]
}

/** Changes with each change of the file; null when it is not there. */
function stampOf({ file }: SecretKeyPlace): string | null {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false })
  if (found === undefined) return null
  // Rights that were changed are looked at as well.
  return [found.ino, found.mtimeNs, found.ctimeNs, found.size].join('-')
}

/** What opens was sealed before, so a key that is not there is no reason to make one. */
function existingKey(place: SecretKeyPlace): SecretKeyFile {
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

function open({ all, file }: LoadedKeys, sealed: string, context: string): string {
  const [, by, nonce, whole] = sealedPattern.exec(sealed) ?? []
  if (by === undefined || nonce === undefined || whole === undefined) {
    throw unreadable('it is not what was once sealed')
  }
  const found = all.get(by)
  if (found === undefined) {
    throw unreadable(`it was sealed with another key than the one in ${file}`)
  }
  const { key, name } = found
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
