/**
 * Tells firings to their webhooks: tries again after waits that double, until it is through or there
 * is no use. What is not told yet is stored, so that the next process goes on with it; so a message may
 * come twice, with the same idempotency key, and never not at all.
 */

import { automationLimits } from '../../shared/automation-limits.ts'
import { AppError } from '../../shared/errors.ts'
import type { Delivery } from '../../shared/protocol/alerts.ts'
import { isoTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { AlertBook } from './alert-book.ts'
import type { OpenFiring } from './alert-records.ts'
import type { SealedWebhook } from './alert-rule.ts'
import type { Firing } from './firing.ts'
import { renderMessage } from './templates/template.ts'
import { createTurns, type Turns } from './turns.ts'
import type { WebhookAnswer, WebhookSender } from './webhook-sender.ts'

export interface DeliveryParts {
  readonly book: AlertBook
  readonly sender: WebhookSender
  readonly clock: Clock
  readonly metrics: Metrics
  /** Address under which people open the page. */
  readonly base: () => string
  /** From 0 to 1, to spread what would happen at once. */
  readonly random: () => number
}

export class Deliveries {
  readonly #parts: DeliveryParts
  readonly #turns: Turns = createTurns(automationLimits.webhooksAtOnce)

  constructor(parts: DeliveryParts) {
    this.#parts = parts
  }

  /** Resolves when every webhook is through with it, or when the signal aborts. Rejects as the store does. */
  async tell(open: OpenFiring, signal: AbortSignal): Promise<void> {
    const { book } = this.#parts
    const rule = await book.get(open.firing.alert)
    let { done } = open
    const waiting = (rule?.webhooks ?? []).filter(({ id }) => !done.includes(id))
    await Promise.all(
      waiting.map(async (webhook) => {
        await this.#toEnd(webhook, open.firing, signal)
        if (signal.aborted) return
        done = [...done, webhook.id]
        if (done.length < waiting.length + open.done.length)
          await book.saveFiring({ ...open, done })
      }),
    )
    if (!signal.aborted) await book.endFiring(open)
  }

  /** One try, whatever comes of it. */
  async once(webhook: SealedWebhook, firing: Firing, signal: AbortSignal): Promise<Delivery> {
    const answer = await this.#send(webhook, firing, signal)
    const state = answer.problem === null ? 'delivered' : 'failed'
    return this.#note(webhook, firing, { answer, tries: 1, state })
  }

  async #toEnd(webhook: SealedWebhook, firing: Firing, signal: AbortSignal): Promise<void> {
    const { book, clock } = this.#parts
    const meant = this.#addressOf(firing.alert, webhook)
    for (let tries = 1; ; tries++) {
      const rule = await book.get(firing.alert)
      const now = rule?.webhooks.find(({ id }) => id === webhook.id)
      // Removed or changed meanwhile: its new address was not meant by this message.
      if (now === undefined || this.#addressOf(firing.alert, now) !== meant) return
      const answer = await this.#turns.run(() => this.#send(now, firing, signal))
      if (signal.aborted) return
      const isOver =
        answer.problem === null || answer.isFinal || tries >= automationLimits.webhookTriesMax
      const end = answer.problem === null ? 'delivered' : 'failed'
      await this.#note(now, firing, { answer, tries, state: isOver ? end : 'waiting' })
      if (isOver) return
      await clock.sleep(this.#wait(tries, answer), signal)
      if (signal.aborted) return
    }
  }

  /** Sealed anew it is another text; one that cannot be opened is none. */
  #addressOf(alert: string, webhook: SealedWebhook): string | null {
    try {
      return this.#parts.book.open(alert, webhook).url.reveal()
    } catch (thrown) {
      if (thrown instanceof AppError) return null
      throw thrown
    }
  }

  #wait(tries: number, { retryAfterMs }: WebhookAnswer): number {
    const doubled = automationLimits.webhookRetryMsMin * 2 ** (tries - 1)
    const own =
      Math.min(doubled, automationLimits.webhookRetryMsMax) * (0.75 + this.#parts.random() / 2)
    return Math.max(own, retryAfterMs ?? 0)
  }

  async #send(webhook: SealedWebhook, firing: Firing, signal: AbortSignal): Promise<WebhookAnswer> {
    const { book, sender, base } = this.#parts
    const { kind } = webhook
    try {
      const { url, secret } = book.open(firing.alert, webhook)
      const key = kind === 'json' ? secret : null
      const token = kind === 'ntfy' ? secret : null
      return await sender.send({ url, ...renderMessage(kind, firing, base()), key, token }, signal)
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      return { status: null, problem: thrown.message, isFinal: true, retryAfterMs: null }
    }
  }

  async #note(
    { id, kind, host }: SealedWebhook,
    firing: Firing,
    { answer, tries, state }: Noted,
  ): Promise<Delivery> {
    const { book, clock, metrics } = this.#parts
    const { status, problem } = answer
    const time = isoTime(clock.now())
    const told = { firing: firing.id, webhook: id, kind, host, time, state, tries, status, problem }
    if (state !== 'waiting')
      metrics.add('farglass_webhook_messages_total', 1, { kind, result: state })
    await book.change(firing.alert, (trace) => {
      const isOther = (each: Delivery) => each.firing !== told.firing || each.webhook !== id
      return { ...trace, deliveries: [told, ...trace.deliveries.filter(isOther)] }
    })
    return told
  }
}

interface Noted {
  readonly answer: WebhookAnswer
  readonly tries: number
  readonly state: Delivery['state']
}
