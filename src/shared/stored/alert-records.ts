/** Schemas of what is stored of alerts. Those of people are closed, so that a newer Farglass loses nothing; state is open. */
import { z } from 'zod'
import { alertRequestSchema, deliverySchema, webhookKinds } from '../protocol/alerts.ts'

const count = z.int().min(0)
const time = z.number()

/** Address and key are sealed. */
const sealedWebhook = z.strictObject({
  id: z.string(),
  kind: z.enum(webhookKinds),
  host: z.string(),
  url: z.string(),
  secret: z.string().nullable(),
})

/** An alert as people wrote it, but for its webhooks. */
export const storedAlertSchema = alertRequestSchema
  .unwrap()
  .extend({ since: time, webhooks: z.array(sealedWebhook).readonly() })

const firingNote = z.object({
  id: z.string(),
  time: z.string(),
  title: z.string(),
  path: z.string(),
})

/** The newest firings of all alerts. */
export const firingLogSchema = z.object({
  next: count,
  firings: z.array(firingNote.extend({ pos: count, alert: z.string(), desktop: z.boolean() })),
})

/** What became of an alert. */
export const alertTraceSchema = z.object({
  last: z.string().nullable(),
  quietUntil: time,
  fired: count,
  held: count,
  skipped: count,
  firings: z.array(firingNote),
  deliveries: z.array(deliverySchema),
})

/** How far a run is judged. */
export const runProgressSchema = z.object({
  owner: z.string(),
  cursor: count,
  states: z.record(
    z.string(),
    z.object({
      since: time,
      times: z.array(time),
      quietUntil: time,
      held: count,
      places: z.array(count),
      skipped: count,
    }),
  ),
})

/** A firing that is not told yet. */
export const openFiringSchema = z.object({
  owner: z.string(),
  firing: z.object({
    id: z.string(),
    alert: z.string(),
    kind: z.enum(['lines', 'end', 'test']),
    time: z.string(),
    run: z.object({
      id: z.string(),
      target: z.string(),
      source: z.string(),
      outcome: z.string().nullable(),
      failures: z.array(z.string()),
    }),
    count,
    held: count,
    skipped: count,
    lines: z.array(
      z.object({
        pos: count,
        host: z.string(),
        channel: z.string(),
        time: z.string(),
        text: z.string(),
      }),
    ),
  }),
  done: z.array(z.string()),
})
