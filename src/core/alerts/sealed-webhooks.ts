/** Webhooks as they are stored: address and key sealed, and kept when a change of the alert does not give them. */
import { AppError } from '../../shared/errors.ts'
import { hostOfAddress, type WebhookRequest } from '../../shared/protocol/alerts.ts'
import { Secret } from '../../shared/secret.ts'
import { type SealedKind, sealedKind } from '../secrets/sealed-kind.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { alertType } from './alert-records.ts'
import type { SealedWebhook } from './alert-rule.ts'

export interface OpenWebhook {
  readonly url: Secret
  readonly secret: Secret | null
}

/**
 * The webhooks of an alert, sealed. Of those before what is not given stays. Throws `bad-request` for
 * one without any address, and for two with one id.
 */
export function sealWebhooks(
  { name, webhooks }: { readonly name: string; readonly webhooks: readonly WebhookRequest[] },
  before: readonly SealedWebhook[],
  box: SecretBox,
): readonly SealedWebhook[] {
  return numbered(webhooks).map((webhook) => {
    const { id, kind, secret } = webhook
    const old = before.find((each) => each.id === id && each.kind === kind)
    const seal = (value: string, part: SealedPart) =>
      box.seal(new Secret(value), contextOf(name, id, part))
    const sealed = { id, kind, ...addressOf(webhook, old, (value) => seal(value, 'url')) }
    const kept = keptSecret(webhook, old)
    return { ...sealed, secret: typeof secret === 'string' ? seal(secret, 'secret') : kept }
  })
}

/** Address and key of a webhook. Throws `secret-unreadable`. */
export function openWebhook(
  name: string,
  { id, url, secret }: SealedWebhook,
  box: SecretBox,
): OpenWebhook {
  return {
    url: box.open(url, contextOf(name, id, 'url')),
    secret: secret === null ? null : box.open(secret, contextOf(name, id, 'secret')),
  }
}

/** Addresses and keys of the webhooks of each alert. */
export const sealedWebhooks: SealedKind = sealedKind(alertType, (name, alert, seal) => ({
  ...alert,
  webhooks: alert.webhooks.map((webhook) => ({
    ...webhook,
    url: seal(webhook.url, contextOf(name, webhook.id, 'url')),
    secret: webhook.secret && seal(webhook.secret, contextOf(name, webhook.id, 'secret')),
  })),
}))

type Numbered = WebhookRequest & { readonly id: string }

/** Those without an id are called after their kind. */
function numbered(webhooks: readonly WebhookRequest[]): readonly Numbered[] {
  const taken = new Set(webhooks.flatMap(({ id }) => (id === undefined ? [] : [id])))
  if (taken.size < webhooks.filter(({ id }) => id !== undefined).length) {
    throw new AppError('bad-request', 'Two webhooks of the alert have the same id.')
  }
  return webhooks.map((webhook) => {
    if (webhook.id !== undefined) return { ...webhook, id: webhook.id }
    let id: string = webhook.kind
    for (let at = 2; taken.has(id); at++) id = `${webhook.kind}-${at}`
    taken.add(id)
    return { ...webhook, id }
  })
}

function addressOf(
  { id, url }: Numbered,
  old: SealedWebhook | undefined,
  seal: (url: string) => string,
): Pick<SealedWebhook, 'host' | 'url'> {
  if (url !== undefined) return { host: hostOfAddress(url), url: seal(url) }
  if (old !== undefined) return { host: old.host, url: old.url }
  throw new AppError('bad-request', `The webhook "${id}" has no address.`, {
    hint: 'Give its "url". Without it only that of the same id and kind is kept.',
  })
}

/** A key belongs to its address: a new address does not get the old key. */
function keptSecret({ url, secret }: WebhookRequest, old: SealedWebhook | undefined) {
  if (secret === null || old === undefined) return null
  return url === undefined || hostOfAddress(url) === old.host ? old.secret : null
}

type SealedPart = 'url' | 'secret'

function contextOf(name: string, id: string, part: SealedPart): string {
  return `alert/${name}/${id}/${part}`
}
