/** A Redis as settings name it: where it is, and who may sign its certificate. */
import { readFileSync } from 'node:fs'
import { UsageError } from './usage-error.ts'

export interface RedisAccess {
  /** With its password. */
  readonly url: string
  /** Text of the file; null for whom the system trusts. */
  readonly ca: string | null
}

export interface CaSetting {
  readonly file: string
  /** Where it was written: `--redis-ca`, `FARGLASS_REDIS_CA`. */
  readonly origin: string
}

/** Throws a UsageError for a file that is none, or is never looked at. */
export function redisAccess(url: string, ca: CaSetting | undefined): RedisAccess {
  if (ca === undefined) return { url, ca: null }
  if (!url.startsWith('rediss')) {
    throw new UsageError(
      `${ca.origin} says nothing without TLS.`,
      'Write the address of Redis with rediss://.',
    )
  }
  return { url, ca: readCertificates(ca) }
}

function readCertificates({ file, origin }: CaSetting): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new UsageError(`${origin}: it cannot be read: ${why}.`, 'Check its path and mode.')
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  throw new UsageError(
    `${origin}: "${file}" holds no certificate.`,
    'Give the certificate of the authority as PEM.',
  )
}
