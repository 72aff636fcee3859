/**
 * Alerts on the wire (docs/protocol.md): what is watched, when it fires and who is told. Schemas for
 * the server; the page imports the types only.
 */
import { z } from 'zod'
import { automationLimits } from '../automation-limits.ts'
import { channels } from '../channel.ts'
import { levels } from '../level.ts'
import { limits } from '../limits.ts'
import { savedNameSchema } from './saved-commands.ts'

const text = z
  .strictObject({
    text: z
      .string()
      .min(1, 'is empty')
      .max(limits.searchTextCharsMax)
      .regex(/^[^\n\r]+$/, 'is of several lines'),
    regex: z.boolean().exactOptional().describe('a regular expression of JavaScript'),
    case: z.enum(['smart', 'sensitive', 'insensitive']).exactOptional(),
    not: z.boolean().exactOptional().describe('lines without it'),
  })
  .readonly()

/** Conditions on a line, all of which must hold; what is left out takes every line. */
const lineFilter = z
  .strictObject({
    texts: z.array(text).max(limits.searchTextsMax).readonly().exactOptional(),
    channels: z.array(z.enum(channels)).min(1, 'is empty').readonly().exactOptional(),
    levels: z
      .array(z.enum([...levels, 'none']))
      .min(1, 'is empty')
      .readonly()
      .exactOptional(),
    hosts: z
      .array(z.string().min(1, 'is empty').max(limits.hostCharsMax))
      .min(1, 'is empty')
      .max(limits.tasksPerRunMax)
      .readonly()
      .exactOptional(),
  })
  .readonly()
export type LineFilterRule = z.infer<typeof lineFilter>

const alertOutcomes = ['succeeded', 'failed', 'stopped', 'lost'] as const

const when = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lines'), filter: lineFilter }).readonly(),
  z
    .strictObject({
      kind: z.literal('end'),
      outcomes: z.array(z.enum(alertOutcomes)).min(1, 'is empty').readonly(),
      exitCodes: z
        .array(z.int().min(0).max(255))
        .min(1, 'is empty')
        .readonly()
        .exactOptional()
        .describe('and one of its tasks has exited with one of these'),
    })
    .readonly(),
])

/** Which runs an alert is about; what is left out takes every run. */
const runs = z
  .strictObject({
    target: z.string().min(1, 'is empty').max(limits.targetCharsMax).exactOptional(),
    command: z
      .string()
      .min(1, 'is empty')
      .max(limits.searchTextCharsMax)
      .exactOptional()
      .describe('text in what is run or followed'),
    saved: savedNameSchema.exactOptional().describe('name of a saved command'),
  })
  .readonly()

export const webhookKinds = ['slack', 'discord', 'ntfy', 'json'] as const
export type WebhookKind = (typeof webhookKinds)[number]

/** http or https, without a user name; `hostOfAddress` reads the same. */
const addressPattern = /^https?:\/\/([^\s/?#@\\]+)(?:[/?#]\S*)?$/i

const address = z
  .string()
  .max(automationLimits.webhookUrlCharsMax)
  .regex(addressPattern, 'is no address as https://example.com/path')

/** The part of a webhook's address that may be shown: the rest is as good as a password. */
export function hostOfAddress(url: string): string {
  return addressPattern.exec(url)?.[1]?.toLowerCase() ?? ''
}

const webhook = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be of small letters, digits and "-"')
      .exactOptional()
      .describe('tells webhooks of an alert apart; made of the kind without it'),
    kind: z.enum(webhookKinds),
    url: address
      .exactOptional()
      .describe('a secret: it is never given back. Without it that of the same `id` is kept'),
    secret: z
      .string()
      .min(1, 'is empty')
      .max(limits.secretCharsMax)
      .regex(/^[\x21-\x7e]+$/, 'must be of visible ASCII characters')
      .nullable()
      .exactOptional()
      .describe('json: key of its signature; ntfy: access token. null removes it'),
  })
  .readonly()
export type WebhookRequest = z.infer<typeof webhook>

/** Body of `PUT /api/v1/alerts/{name}`. */
export const alertRequestSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    when,
    runs: runs.default({}),
    count: z
      .int()
      .min(1)
      .max(automationLimits.alertCountMax)
      .default(1)
      .describe('matches it takes'),
    withinSeconds: z
      .number()
      .min(1)
      .max(automationLimits.alertWithinMsMax / 1000)
      .default(60)
      .describe('time within which they come'),
    cooldownSeconds: z
      .number()
      .min(automationLimits.alertCooldownMsMin / 1000)
      .max(automationLimits.alertCooldownMsMax / 1000)
      .default(300)
      .describe('silence after it has fired'),
    desktop: z.boolean().default(false).describe('notifications in browsers that allow them'),
    webhooks: z.array(webhook).max(automationLimits.alertWebhooksMax).readonly().default([]),
  })
  .readonly()
export type AlertRequest = z.infer<typeof alertRequestSchema>

/** A webhook as it is shown: its address and key never are. */
export interface ShownWebhook {
  readonly id: string
  readonly kind: WebhookKind
  /** Host of its address. */
  readonly host: string
  readonly hasSecret: boolean
}

/** Answer of `GET /api/v1/alerts/{name}`. Times are ISO 8601 UTC. */
export interface Alert extends Omit<AlertRequest, 'webhooks'> {
  readonly name: string
  readonly version: number
  readonly webhooks: readonly ShownWebhook[]
  /** How often it has fired; matches that came while it was silent; lines that were passed over. */
  readonly fired: number
  readonly held: number
  readonly skipped: number
  /** Newest first. */
  readonly firings: readonly FiringNote[]
  readonly deliveries: readonly Delivery[]
}

export interface FiringNote {
  /** Also the idempotency key of its messages. */
  readonly id: string
  readonly time: string
  /** In one line. Holds no text of a host. */
  readonly title: string
  /** Path of the page that shows it. */
  readonly path: string
}

/** A firing in the order of all alerts, runs and nodes. */
export interface PlacedFiring extends FiringNote {
  /** Dense, from 0. */
  readonly pos: number
  readonly alert: string
  /** Browsers are to show it. */
  readonly desktop: boolean
}

/** Event of `GET /api/v1/firings/stream`, whose `id:` is `next`. The first one says where the reader stands. */
export interface FiringsEvent {
  readonly kind: 'firings'
  /** Of the first one. After the reader's cursor: those between are kept no longer. */
  readonly pos: number
  readonly next: number
  readonly firings: readonly PlacedFiring[]
}

/** One message to one webhook. */
export interface Delivery {
  readonly firing: string
  readonly webhook: string
  readonly kind: WebhookKind
  readonly host: string
  readonly time: string
  readonly state: 'delivered' | 'waiting' | 'failed'
  readonly tries: number
  /** HTTP status of the last answer, null without one. */
  readonly status: number | null
  /** Why there was none, or it was no success; a sentence. */
  readonly problem: string | null
}

export const deliverySchema: z.ZodType<Delivery> = z
  .object({
    firing: z.string(),
    webhook: z.string(),
    kind: z.enum(webhookKinds),
    host: z.string(),
    time: z.iso.datetime(),
    state: z.enum(['delivered', 'waiting', 'failed']),
    tries: z.int().min(0),
    status: z.int().nullable().describe('HTTP status of the last answer'),
    problem: z.string().nullable(),
  })
  .meta({ id: 'Delivery' })

/** What a webhook would be sent: answer of `POST /api/v1/alerts/preview`. */
export interface WebhookPreview {
  readonly webhook: string
  readonly kind: WebhookKind
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
