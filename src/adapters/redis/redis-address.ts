/** Where a Redis is and who we are there, parsed from its URL. The password is in no message. */
import { AppError } from '../../shared/errors.ts'

export interface RedisAddress {
  readonly host: string
  readonly port: number
  readonly db: number
  readonly tls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  /** Without name and password: for people. */
  readonly shown: string
}

/** Throws `store-failed` for what is no address of a Redis. */
export function parseRedisUrl(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const db = /^\/(\d{0,3})$|^$/.exec(url?.pathname ?? '-')
  if (url === undefined || !(url.protocol in schemes) || url.hostname === '' || db === null) {
    throw new AppError('store-failed', 'The address of Redis is not one.', {
      hint: 'Write it as redis://HOST:PORT or, with TLS, rediss://USER:PASSWORD@HOST:PORT.',
    })
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port === '' ? 6379 : url.port),
    db: Number(db[1] ?? 0),
    tls: url.protocol === 'rediss:',
    username: decodePart(url.username),
    password: decodePart(url.password),
    shown: `${url.protocol}//${url.host}`,
  }
}

const schemes = { 'redis:': true, 'rediss:': true }

/** A `%` that begins no escape is taken as it stands: passwords are pasted. */
function decodePart(part: string): string | undefined {
  if (part === '') return undefined
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
