/** Changes of the file of keys: each by one process at a time, and on disk as a whole or not at all. */
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { KeyNames, SecretKeys } from '../../core/secrets/secret-keys.ts'
import { AppError } from '../../shared/errors.ts'
import { isAlive, ownName } from './process-identity.ts'
import {
  isCode,
  readSecretKey,
  reason,
  refusal,
  type SecretKeyPlace,
  writeSynced,
} from './secret-key.ts'
import { keyName, keyRingText, newKey, type SecretKeyRing } from './secret-key-ring.ts'

export function createSecretKeys(place: SecretKeyPlace): SecretKeys {
  return {
    read: async () => namesOf(place, readSecretKey(place)?.keys),
    prepare: async () =>
      changed(place, (ring) => (ring.next === null ? { ...ring, next: newKey() } : ring)),
    turn: async () =>
      changed(place, (ring) => {
        const { current, next, old } = ring
        return old.length > 0 ? ring : { current: next ?? newKey(), next: null, old: [current] }
      }),
    forget: async (names) =>
      changed(place, (ring) => {
        const old = ring.old.filter((key) => !names.includes(keyName(key)))
        return old.length === ring.old.length ? ring : { ...ring, old }
      }),
  }
}

function changed(place: SecretKeyPlace, change: (ring: SecretKeyRing) => SecretKeyRing): KeyNames {
  const { file } = place
  // Nothing was sealed yet: the first key is made when something is.
  if (readSecretKey(place) === undefined) return namesOf(place, undefined)
  if (place.origin === 'credential') {
    const hint = `Change the file that it is made from: FARGLASS_SECRET_KEY_FILE=FILE farglass secrets rotate, while no server runs.`
    throw refusal(file, 'is a credential of systemd, which Farglass cannot change', hint)
  }
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`
  using _lock = lockKeys(file, draft)
  const before = readSecretKey(place)?.keys
  const after = before && change(before)
  if (after !== undefined && after !== before) replace(file, draft, keyRingText(after))
  return namesOf(place, after)
}

/** A power cut leaves the one or the other. */
function replace(file: string, draft: string, text: string): void {
  try {
    writeSynced(draft, text)
    renameSync(draft, file)
    const directory = openSync(dirname(file), 'r')
    fsyncSync(directory)
    closeSync(directory)
  } catch (thrown) {
    rmSync(draft, { force: true })
    throw refusal(file, `cannot be changed: ${reason(thrown)}`)
  }
}

/** Held for the length of one change; that of a process that is gone counts no more. */
function lockKeys(file: string, draft: string): Disposable {
  const lock = `${file}.lock`
  const take = (): boolean => {
    try {
      writeSynced(draft, ownName())
      linkSync(draft, lock)
      return true
    } catch (thrown) {
      if (isCode(thrown, 'EEXIST')) return false
      throw refusal(file, `cannot be changed: ${reason(thrown)}`)
    } finally {
      rmSync(draft, { force: true })
    }
  }
  const release = { [Symbol.dispose]: () => rmSync(lock, { force: true }) }
  if (take()) return release
  if (!isAlive(holderOf(lock))) rmSync(lock, { force: true })
  if (take()) return release
  throw new AppError('conflict', `Another process is changing the key file ${file}.`, {
    hint: 'Try again in a moment.',
  })
}

function holderOf(lock: string): string {
  try {
    return readFileSync(lock, 'utf8')
  } catch {
    return ''
  }
}

function namesOf({ file }: SecretKeyPlace, ring: SecretKeyRing | undefined): KeyNames {
  if (ring === undefined) return { file, current: null, next: null, old: [] }
  const { current, next, old } = ring
  return {
    file,
    current: keyName(current),
    next: next === null ? null : keyName(next),
    old: old.map(keyName),
  }
}
