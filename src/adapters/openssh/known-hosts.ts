/** Host keys that ssh refused: what it showed, what was known, and where that stands. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { AppError } from '../../shared/errors.ts'
import { hostWords, type LoginFacts } from './failure.ts'
import { hostText } from './host-text.ts'

/** The error for a changed or revoked key, or null when ssh's words speak of neither. */
export async function hostKeyError(facts: LoginFacts): Promise<AppError | null> {
  const revoked = /The (\S+) host key for (\S+) is marked as revoked/.exec(facts.said)
  if (revoked !== null) {
    const sentence = `shows a ${revoked[1]} host key that is marked as revoked: it may be an impostor. Nothing was sent.`
    return new AppError('host-key-revoked', `${hostWords(facts)} ${sentence}`)
  }
  if (!facts.said.includes('REMOTE HOST IDENTIFICATION HAS CHANGED')) return null
  const shown =
    /fingerprint for the (\S+) key sent by the remote host is\s+(SHA256:\S+?)\.?\s/.exec(facts.said)
  const place = /^Offending (?:\S+ )?key (?:for IP )?in (.+):([0-9]+)$/m.exec(facts.said)
  return changedKeyError(hostWords(facts), {
    keyType: shown?.[1] ?? 'host',
    fingerprint: shown?.[2] ?? 'unknown',
    known: place === null ? null : await knownKey(place[1] ?? '', Number(place[2])),
  })
}

/** A hard stop: there is no answer by which a person could click it away. */
export function changedKeyError(host: string, change: KeyChange): AppError {
  const known =
    change.known === null
      ? 'known_hosts has a key of another type'
      : `${hostText(change.known.file)} line ${change.known.line} has ${change.known.fingerprint}`
  const sentence = `has changed its host key: it shows ${hostText(change.keyType)} ${change.fingerprint}, ${known}. Somebody may be in between; nothing was sent.`
  return new AppError('host-key-changed', `${host} ${sentence}`)
}

interface KeyChange {
  readonly keyType: string
  readonly fingerprint: string
  readonly known: KnownKey | null
}

interface KnownKey {
  readonly file: string
  readonly line: number
  readonly fingerprint: string
}

async function knownKey(file: string, line: number): Promise<KnownKey> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return { file, line, fingerprint: fingerprintOf(text.split('\n')[line - 1] ?? '') }
}

/** Fingerprint of the key in a known_hosts line: `[@marker] names type base64 [comment]`. */
export function fingerprintOf(line: string): string {
  const fields = line.trim().split(/\s+/)
  const key = fields[fields[0]?.startsWith('@') === true ? 3 : 2]
  if (key === undefined) return 'a key that cannot be read'
  const hash = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64')
  return `SHA256:${hash.replace(/=+$/, '')}`
}
