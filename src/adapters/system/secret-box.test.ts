import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { Secret } from '../../shared/secret.ts'
import { ownName } from './process-identity.ts'
import { createSecretBox } from './secret-box.ts'
import { type SecretKeyPlace, secretKeyPlace } from './secret-key.ts'
import { createSecretKeys } from './secret-key-turns.ts'

let directory = ''
let place: SecretKeyPlace = { file: '', origin: 'default' }

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fg-secret-'))
  place = { file: join(directory, 'config', 'farglass', 'secret.key'), origin: 'default' }
})

afterEach(() => rmSync(directory, { recursive: true }))

const secret = new Secret('hunter2 “übung”\n\u0000 end')

describe('a sealed secret', () => {
  test('opens again, also in another process with the same key', () => {
    const sealed = createSecretBox(place).seal(secret, 'run-secrets/r1')
    expect(createSecretBox(place).open(sealed, 'run-secrets/r1').reveal()).toBe(secret.reveal())
  })

  test('shows nothing, and is another text each time', () => {
    const box = createSecretBox(place)
    const sealed = [box.seal(secret, 'x'), box.seal(secret, 'x')]
    expect(new Set(sealed).size).toBe(2)
    const bytes = sealed.map((text) => Buffer.from(text.split('.').at(-1) ?? '', 'base64url'))
    for (const each of bytes) expect(each.includes('hunter2')).toBe(false)
  })

  test('is refused when any one bit of it was flipped', () => {
    const box = createSecretBox(place)
    const sealed = Buffer.from(box.seal(secret, 'x'), 'latin1')
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(codeOf(() => box.open(changed.toString('latin1'), 'x'))).toBe('secret-unreadable')
    }
  })

  test('is refused at another place than the one it was sealed for', () => {
    const box = createSecretBox(place)
    const sealed = box.seal(secret, 'run-secrets/r1')
    expect(codeOf(() => box.open(sealed, 'run-secrets/r2'))).toBe('secret-unreadable')
  })

  test('is refused under another key, which the sentence names', () => {
    const sealed = createSecretBox(place).seal(secret, 'x')
    const other: SecretKeyPlace = { file: join(directory, 'other.key'), origin: 'default' }
    expect(codeOf(() => createSecretBox(other).open(sealed, 'x'))).toBe('secret-unreadable')
    // What cannot be opened is no reason to make a key.
    expect(existsSync(other.file)).toBe(false)
    createSecretBox(other).seal(secret, 'x')
    expect(() => createSecretBox(other).open(sealed, 'x')).toThrow(
      `it was sealed with another key than the one in ${other.file}`,
    )
  })
})

describe('keys that turn', () => {
  test('open what each of them has sealed, in boxes that were opened before, until one is forgotten', async () => {
    const [box, other] = [createSecretBox(place), createSecretBox(place)]
    const keys = createSecretKeys(place)
    expect(await keys.turn()).toEqual({ file: place.file, current: null, next: null, old: [] })
    const first = other.seal(secret, 'x')
    const { current: one } = await keys.read()
    const { next } = await keys.prepare()
    expect((await keys.prepare()).next).toBe(next)
    expect(box.keyOf(box.seal(secret, 'x'), 'x')).toBe(one)
    expect(await keys.turn()).toMatchObject({ current: next, next: null, old: [one] })
    expect(await keys.turn()).toMatchObject({ current: next, old: [one] })
    expect(statSync(place.file).mode & 0o777).toBe(0o600)
    const second = box.reseal(first, 'x')
    expect([box.keyOf(first, 'x'), box.keyOf(second, 'x')]).toEqual([one, next])
    expect([other.open(first, 'x'), other.open(second, 'x')]).toEqual([secret, secret])
    expect(other.reseal(second, 'x')).toBe(second)
    await keys.forget([one ?? ''])
    expect(other.open(second, 'x').reveal()).toBe(secret.reveal())
    expect(codeOf(() => other.open(first, 'x'))).toBe('secret-unreadable')
    expect([other.keyOf(first, 'x'), other.reseal(first, 'x')]).toEqual([null, first])
  })

  test('are left alone while another process changes them; one that died in between holds nobody up', async () => {
    createSecretBox(place).seal(secret, 'x')
    const lock = `${place.file}.lock`
    writeFileSync(lock, ownName())
    const keys = createSecretKeys(place)
    await expect(keys.turn()).rejects.toMatchObject({ code: 'conflict' })
    writeFileSync(lock, '1-0-gone')
    expect((await keys.turn()).old).toHaveLength(1)
    expect(existsSync(lock)).toBe(false)
  })

  test('that systemd gives are not changed', async () => {
    createSecretBox(place).seal(secret, 'x')
    const keys = createSecretKeys({ ...place, origin: 'credential' })
    await expect(keys.turn()).rejects.toMatchObject({ code: 'secret-key' })
  })
})

describe('the key of secrets', () => {
  test('is made at first use, for its owner alone, and stays', () => {
    const box = createSecretBox(place)
    expect(existsSync(place.file)).toBe(false)
    box.seal(secret, 'x')
    const key = readFileSync(place.file, 'utf8')
    expect(key).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)
    expect(statSync(place.file).mode & 0o777).toBe(0o600)
    expect(statSync(join(place.file, '..')).mode & 0o777).toBe(0o700)
    createSecretBox(place).seal(secret, 'x')
    expect(readFileSync(place.file, 'utf8')).toBe(key)
  })

  test('is refused when others may read it, when it is none, and when a named one is not there', () => {
    createSecretBox(place).seal(secret, 'x')
    chmodSync(place.file, 0o640)
    expect(() => createSecretBox(place).seal(secret, 'x')).toThrow(
      `The key file ${place.file} may be read or written by others (mode 640).`,
    )
    chmodSync(place.file, 0o600)
    writeFileSync(place.file, 'short\n')
    expect(() => createSecretBox(place).seal(secret, 'x')).toThrow('does not hold 32 bytes')
    rmSync(place.file)
    const named: SecretKeyPlace = { ...place, origin: 'named' }
    expect(codeOf(() => createSecretBox(named).seal(secret, 'x'))).toBe('secret-key')
    expect(existsSync(place.file)).toBe(false)
  })

  test('is the one that was named, else that of systemd, else that of the user', () => {
    const env = { CREDENTIALS_DIRECTORY: '/run/credentials/fg', XDG_CONFIG_HOME: '/etc/me' }
    const credential = '/run/credentials/fg/farglass-secret-key'
    expect(secretKeyPlace('/k', env, () => true).file).toBe('/k')
    expect(secretKeyPlace(null, env, (file) => file === credential).file).toBe(credential)
    expect(secretKeyPlace(null, env, () => false).file).toBe('/etc/me/farglass/secret.key')
  })
})

function codeOf(action: () => unknown): string | undefined {
  try {
    action()
    return undefined
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : String(thrown)
  }
}
