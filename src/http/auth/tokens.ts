/** Random secrets, their digests, and comparison in constant time. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits as 43 characters that need no quoting in cookies, headers and addresses. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256 as hex: what is stored instead of the secret. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Compares by digest, so that neither length nor content can be told from the time it takes. */
export function isSame(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b))
}

/** Looks at every digest, so that the time does not tell which one it was. */
export function isOneOf(secret: string, digests: readonly string[]): boolean {
  const digest = Buffer.from(digestOf(secret))
  let found = false
  for (const known of digests) {
    const other = Buffer.from(known.toLowerCase())
    if (other.length === digest.length && timingSafeEqual(other, digest)) found = true
  }
  return found
}

/**
 * What a page must send with its changes, made from the session's id so that it outlives a restart
 * of the server. A page on another port makes the browser send our cookie, but it can neither read
 * it nor this answer, so it cannot make the key.
 */
export function pageKeyOf(sessionId: string): string {
  return createHmac('sha256', sessionId).update('farglass page key').digest('base64url')
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
