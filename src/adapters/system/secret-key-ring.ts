/** The keys of stored secrets as the text of their file: the one that seals first, alone in its line. */
import { createHash, randomBytes } from 'node:crypto'

export interface SecretKeyRing {
  /** Seals and opens. */
  readonly current: Buffer
  /** Opens, and will seal after the next turn. */
  readonly next: Buffer | null
  /** Open what was sealed with them before. */
  readonly old: readonly Buffer[]
}

export const keyBytes = 32

/** Undefined for what is none. */
export function parseKeyRing(text: string): SecretKeyRing | undefined {
  const [first = '', ...others] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const current = parseKey(first)
  const rest = others.map((line) => {
    const [role = '', word = ''] = line.split(' ')
    return { role, key: parseKey(word) }
  })
  if (current === undefined || rest.some(({ role }) => role !== 'next' && role !== 'old')) return
  const keysOf = (wanted: string) =>
    rest.flatMap(({ role, key }) => (role === wanted && key !== undefined ? [key] : []))
  const [[next = null, ...more], old] = [keysOf('next'), keysOf('old')]
  if (more.length > 0 || rest.some(({ key }) => key === undefined)) return
  return { current, next, old }
}

export function keyRingText({ current, next, old }: SecretKeyRing): string {
  const lines = [
    textOf(current),
    ...(next === null ? [] : [`next ${textOf(next)}`]),
    ...old.map((key) => `old ${textOf(key)}`),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

export function newKey(): Buffer {
  return randomBytes(keyBytes)
}

/** Tells keys apart in what they have sealed, and says nothing about them. */
export function keyName(key: Buffer): string {
  const name = createHash('sha256').update('farglass secret key\0').update(key).digest('hex')
  return name.slice(0, 16)
}

function parseKey(text: string): Buffer | undefined {
  const key = Buffer.from(text, 'base64')
  return key.length === keyBytes && textOf(key) === text ? key : undefined
}

function textOf(key: Buffer): string {
  return key.toString('base64')
}
