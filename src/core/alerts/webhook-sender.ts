/** Port: one try to send a message to a webhook. */
import type { Secret } from '../../shared/secret.ts'

export interface WebhookSender {
  /** Never rejects: what goes wrong is told. An abort counts as a failure. */
  send(message: WebhookMessage, signal: AbortSignal): Promise<WebhookAnswer>
}

export interface WebhookMessage {
  readonly url: Secret
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Key with which time and body are signed; null: not signed. */
  readonly key: Secret | null
  /** Sent as a bearer token; null: none. */
  readonly token: Secret | null
}

export interface WebhookAnswer {
  /** HTTP status; null: there was no answer. */
  readonly status: number | null
  /** Why there was none: a sentence without the address. */
  readonly problem: string | null
  /** It is no use to try again. */
  readonly isFinal: boolean
  /** What the receiver asks to wait; null: nothing. */
  readonly retryAfterMs: number | null
}
