/**
 * Sends messages to webhooks over HTTP. The name is resolved here, each of its addresses is judged, and
 * the connection goes to one that was judged: so a name that changes its address in between gains
 * nothing. Redirects are not followed, and of the answer only its status is told.
 */
import { createHmac } from 'node:crypto'
import { type LookupAddress, lookup } from 'node:dns'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import type {
  WebhookAnswer,
  WebhookMessage,
  WebhookSender,
} from '../../core/alerts/webhook-sender.ts'
import type { Clock } from '../../core/clock.ts'
import { automationLimits } from '../../shared/automation-limits.ts'
import type { Secret } from '../../shared/secret.ts'
import { type AddressRules, addressRules } from './address-rules.ts'

export interface WebhookOptions {
  /** Networks that may be reached although they are the machine's own. */
  readonly allowed: readonly string[]
  readonly clock: Clock
  readonly version: string
}

export function createHttpWebhooks({ allowed, clock, version }: WebhookOptions): WebhookSender {
  const rules = addressRules(allowed)
  return {
    send: async (message, signal) => {
      const seconds = Math.floor(clock.now() / 1000)
      const headers = {
        'user-agent': `farglass/${version}`,
        ...message.headers,
        ...(message.key === null ? {} : signature(message.key, seconds, message.body)),
        ...(message.token === null ? {} : { authorization: `Bearer ${message.token.reveal()}` }),
        'content-length': String(Buffer.byteLength(message.body)),
      }
      const limit = AbortSignal.timeout(automationLimits.webhookTimeoutMs)
      try {
        const way = { rules, headers, signal: AbortSignal.any([signal, limit]) }
        return judged(await post(message, way), clock.now())
      } catch (thrown) {
        return failed(thrown, limit.aborted)
      }
    },
  }
}

/** Over time and body, so that nobody can send an old message again later. */
function signature(key: Secret, seconds: number, body: string): Record<string, string> {
  const mac = createHmac('sha256', key.reveal()).update(`${seconds}.${body}`).digest('hex')
  return { 'x-farglass-timestamp': String(seconds), 'x-farglass-signature': `v1=${mac}` }
}

interface Way {
  readonly rules: AddressRules
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
}

function post({ url, body }: WebhookMessage, { rules, headers, signal }: Way): Promise<Answer> {
  const address = new URL(url.reveal())
  const name = address.hostname.replace(/^\[|\]$/g, '')
  // A literal address is never looked up.
  if (isIP(name) !== 0 && !rules.isAllowed(name)) throw new RefusedAddress()
  const options: RequestOptions = {
    method: 'POST',
    headers,
    signal,
    // No connection is kept: each is judged anew.
    agent: false,
    lookup: (host, how, done) => {
      lookup(host, { ...how, all: true }, (error, found) => {
        if (error !== null) return done(error, '', 0)
        give(found, { rules, wantsAll: how.all === true }, done)
      })
    },
  }
  const send = address.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sent = send(address, options, (response) => {
      void read(response).then(resolve, reject)
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

type LookupDone = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void

/** One refused address refuses the name: which of them is taken is not ours to say. */
function give(
  found: readonly LookupAddress[],
  { rules, wantsAll }: { readonly rules: AddressRules; readonly wantsAll: boolean },
  done: LookupDone,
): void {
  const [first] = found
  if (first === undefined || found.some(({ address }) => !rules.isAllowed(address))) {
    return done(new RefusedAddress(), '', 0)
  }
  if (wantsAll) done(null, [...found])
  else done(null, first.address, first.family)
}

/** The body is read so that the receiver sees a proper end, and dropped. */
async function read(response: IncomingMessage): Promise<Answer> {
  const { statusCode = 0, headers } = response
  let bytes = 0
  for await (const chunk of response) {
    bytes += Buffer.isBuffer(chunk) ? chunk.length : 0
    if (bytes > automationLimits.webhookAnswerBytesMax) break
  }
  return { status: statusCode, retryAfter: headers['retry-after'] }
}

function judged({ status, retryAfter }: Answer, now: number): WebhookAnswer {
  if (status >= 200 && status < 300) {
    return { status, problem: null, isFinal: true, retryAfterMs: null }
  }
  const problem =
    status >= 300 && status < 400
      ? `It answered with a redirect (${status}), which is not followed.`
      : `It answered with HTTP status ${status}.`
  const isFinal = status < 500 && status !== 408 && status !== 425 && status !== 429
  return { status, problem, isFinal, retryAfterMs: waitOf(retryAfter, now) }
}

/** Seconds, or a date. */
function waitOf(text: string | undefined, now: number): number | null {
  if (text === undefined) return null
  const ms = /^[0-9]{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), automationLimits.webhookRetryMsMax) : null
}

class RefusedAddress extends Error {}

/** In words of our own: those of Node name the address. */
function failed(thrown: unknown, isLate: boolean): WebhookAnswer {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  const isRefused = thrown instanceof RefusedAddress
  return {
    status: null,
    problem: isRefused ? refusedText : isLate ? lateText : (problems[code] ?? otherText(code)),
    isFinal: isRefused,
    retryAfterMs: null,
  }
}

const refusedText =
  'It leads to an address of this machine, its neighbours or the metadata of a cloud, which is refused: allow its network with --webhook-allow.'
const lateText = `It did not answer within ${automationLimits.webhookTimeoutMs / 1000} s.`
const problems: Readonly<Record<string, string>> = {
  ENOTFOUND: 'Its name does not resolve.',
  EAI_AGAIN: 'Its name could not be resolved just now.',
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection was cut.',
  ETIMEDOUT: 'The connection took too long.',
  EHOSTUNREACH: 'Its host is not reachable.',
  ENETUNREACH: 'Its network is not reachable.',
}

function otherText(code: string): string {
  if (/^[A-Z0-9_]{1,60}$/.test(code)) return `It could not be reached (${code}).`
  return 'It could not be reached.'
}
