/** `Idempotency-Key`: the same request sent twice starts one run. */
import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { IdempotencyKey } from '../core/store/run-catalog.ts'
import { AppError } from '../shared/errors.ts'

/**
 * The key of a request and the digest of what it asks for, or undefined without the header.
 * `asked` must not hold a secret: digests are stored, and a short secret can be guessed from one.
 */
export function idempotencyKey(
  headers: IncomingHttpHeaders,
  asked: unknown,
): IdempotencyKey | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    const message = 'The header "Idempotency-Key" must be 1 to 255 visible ASCII characters.'
    throw new AppError('bad-request', message)
  }
  return { key, digest: createHash('sha256').update(canonicalJson(asked)).digest('hex') }
}

/** JSON in which the order of fields does not matter. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
