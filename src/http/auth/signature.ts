/** Whether a request to a trigger was signed with its key. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { TriggerLock } from '../../core/triggers/triggers.ts'
import { automationLimits } from '../../shared/automation-limits.ts'
import { Secret } from '../../shared/secret.ts'

export interface SignedRequest {
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * The key that makes the same request start one run, or null for a bad signature. A trigger that is not
 * there takes as long as one that is, so that nobody learns which names there are.
 */
export function signedKey(lock: TriggerLock | null, request: SignedRequest): string | null {
  const { signature, secret } = lock ?? nobody
  const key = signature === 'github' ? github(secret, request) : timestamped(secret, request)
  return lock === null ? null : key
}

const nobody: TriggerLock = { signature: 'timestamp', secret: new Secret('nobody has this key') }

/** GitHub signs no time: the body itself is the key, so a request that is sent again starts nothing new. */
function github(secret: Secret, { headers, body }: SignedRequest): string | null {
  const given = /^sha256=([0-9a-f]{64})$/.exec(text(headers['x-hub-signature-256']))?.[1] ?? ''
  if (!isSame(given, mac(secret, body))) return null
  return createHash('sha256').update(body).digest('hex')
}

/** An old request is refused, and one of now starts nothing new when it is sent again. */
function timestamped(secret: Secret, { headers, body, now }: SignedRequest): string | null {
  const time = text(headers['x-farglass-timestamp'])
  const given = /^v1=([0-9a-f]{64})$/.exec(text(headers['x-farglass-signature']))?.[1] ?? ''
  const isRight = isSame(given, mac(secret, `${time}.`, body))
  const isNow =
    /^[0-9]{1,11}$/.test(time) &&
    Math.abs(now - Number(time) * 1000) <= automationLimits.triggerAgeMs
  return isRight && isNow ? given : null
}

function mac(secret: Secret, ...parts: readonly (string | Uint8Array)[]): string {
  const hmac = createHmac('sha256', secret.reveal())
  for (const part of parts) hmac.update(part)
  return hmac.digest('hex')
}

function isSame(given: string, right: string): boolean {
  const [a, b] = [given, right].map((each) => createHash('sha256').update(each).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

function text(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : ''
}
