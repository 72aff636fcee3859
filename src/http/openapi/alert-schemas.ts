/** Alerts in the OpenAPI document. */
import { z } from 'zod'
import type { Unreadable } from '../../shared/listing.ts'
import {
  type Alert,
  alertRequestSchema,
  type Delivery,
  deliverySchema,
  type WebhookPreview,
  webhookKinds,
} from '../../shared/protocol/alerts.ts'
import { unreadableSchema } from './unreadable-schema.ts'

const count = z.int().min(0)
const time = z.iso.datetime()

export const deliveriesSchema: z.ZodType<{ readonly deliveries: readonly Delivery[] }> = z.object({
  deliveries: z.array(deliverySchema),
})

// The request with its defaults filled in.
const { when, runs, count: matches, ...rest } = alertRequestSchema.unwrap().shape

export const alertSchema: z.ZodType<Alert> = z
  .object({
    name: z.string(),
    version: count,
    enabled: z.boolean(),
    when,
    runs: runs.unwrap(),
    count: matches.unwrap(),
    withinSeconds: rest.withinSeconds.unwrap(),
    cooldownSeconds: rest.cooldownSeconds.unwrap(),
    desktop: z.boolean(),
    webhooks: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(webhookKinds),
        host: z.string().describe('of its address; the rest is never given back'),
        hasSecret: z.boolean(),
      }),
    ),
    fired: count.describe('how often it has fired'),
    held: count.describe('matches while it was silent'),
    skipped: count.describe('lines that were passed over because matching took too long'),
    firings: z
      .array(z.object({ id: z.string(), time, title: z.string(), path: z.string() }))
      .describe('newest first'),
    deliveries: z.array(deliverySchema).describe('newest first'),
  })
  .meta({ id: 'Alert' })

export const alertListSchema: z.ZodType<{
  readonly alerts: readonly Alert[]
  readonly unreadable: readonly Unreadable[]
}> = z.object({ alerts: z.array(alertSchema), unreadable: unreadableSchema })

export const previewsSchema: z.ZodType<{ readonly previews: readonly WebhookPreview[] }> = z.object(
  {
    previews: z.array(
      z.object({
        webhook: z.string(),
        kind: z.enum(webhookKinds),
        headers: z.record(z.string(), z.string()),
        body: z.string(),
      }),
    ),
  },
)
