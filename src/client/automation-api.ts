/** Alerts, schedules and triggers over HTTP; what the server answers is checked by hand, as that of the stream. */
import type { Listing } from '../shared/listing.ts'
import type { Alert, Delivery, WebhookPreview } from '../shared/protocol/alerts.ts'
import type { Schedule, SchedulePreview } from '../shared/protocol/schedules.ts'
import type { Trigger, TriggerTest } from '../shared/protocol/triggers.ts'
import { array, asFields, text, whole } from './event-parser.ts'
import { type FiringStreamNews, followFirings } from './firing-stream.ts'
import { asListing } from './listing.ts'

/** What is kept under a name. Every call rejects with an AppError. */
export interface NamedApi<Kept> {
  list(): Promise<Listing<Kept>>
  get(name: string): Promise<Kept>
  /** With a version only over that one, 0 for none: rejects with `conflict`. What is written is checked there. */
  put(name: string, written: object, version?: number): Promise<Kept>
  remove(name: string): Promise<void>
}

export interface AlertsApi extends NamedApi<Alert> {
  test(name: string): Promise<readonly Delivery[]>
  preview(name: string, written: object): Promise<readonly WebhookPreview[]>
  /** What fires, over any number of connections: from a cursor on, null for now, until the signal aborts. */
  watch(from: number | null, signal: AbortSignal): AsyncIterable<FiringStreamNews>
}

export interface SchedulesApi extends NamedApi<Schedule> {
  preview(name: string, written: object): Promise<SchedulePreview>
}

export interface TriggersApi extends NamedApi<Trigger> {
  test(name: string, payload: unknown): Promise<TriggerTest>
}

export interface AutomationApi {
  readonly alerts: AlertsApi
  readonly schedules: SchedulesApi
  readonly triggers: TriggersApi
}

/** Sends a request to the server; rejects with an AppError. */
type Send = (path: string, init?: RequestInit) => Promise<Response>

export function createAutomationApi(send: Send): AutomationApi {
  const post = async (path: string, body: unknown): Promise<unknown> =>
    (await send(path, written('POST', body))).json()
  return {
    alerts: {
      ...named(send, 'alerts', asAlert),
      test: async (name) => {
        const found = asFields(await post(`${pathOf('alerts', name)}/test`, {}))
        return array(found, 'deliveries').map((each) => checked<Delivery>(each, 'state'))
      },
      preview: async (name, body) => {
        const found = asFields(await post(`${pathOf('alerts', name)}/preview`, body))
        return array(found, 'previews').map((each) => checked<WebhookPreview>(each, 'body'))
      },
      watch: (from, signal) =>
        followFirings({
          open: (cursor, inner) =>
            send(`/api/v1/firings/stream${cursor === null ? '' : `?from=${cursor}`}`, {
              headers: { accept: 'text/event-stream' },
              signal: inner,
            }),
          from,
          signal,
        }),
    },
    schedules: {
      ...named(send, 'schedules', asSchedule),
      preview: async (name, body) => {
        const found = await post(`${pathOf('schedules', name)}/preview`, body)
        array(asFields(found), 'next')
        return found as SchedulePreview
      },
    },
    triggers: {
      ...named(send, 'triggers', asTrigger),
      test: async (name, payload) =>
        checked<TriggerTest>(await post(`${pathOf('triggers', name)}/test`, payload), 'target'),
    },
  }
}

function named<Kept>(send: Send, kind: string, parse: (value: unknown) => Kept): NamedApi<Kept> {
  return {
    list: async () => asListing(await (await send(`/api/v1/${kind}`)).json(), kind, parse),
    get: async (name) => parse(await (await send(pathOf(kind, name))).json()),
    put: async (name, body, version) => {
      const query = version === undefined ? '' : `?version=${version}`
      return parse(await (await send(`${pathOf(kind, name)}${query}`, written('PUT', body))).json())
    },
    remove: async (name) => {
      const done = await send(pathOf(kind, name), { method: 'DELETE' })
      await done.body?.cancel()
    },
  }
}

function pathOf(kind: string, name: string): string {
  return `/api/v1/${kind}/${encodeURIComponent(name)}`
}

function written(method: string, body: unknown): RequestInit {
  const headers = { 'content-type': 'application/json' }
  return { method, headers, body: JSON.stringify(body) }
}

// What the server checked against the same types is not spelt out field by field again.
function checked<Kept>(value: unknown, field: string): Kept {
  text(asFields(value), field)
  return value as Kept
}

function asAlert(value: unknown): Alert {
  const fields = asFields(value)
  whole(fields, 'version')
  for (const name of ['webhooks', 'firings', 'deliveries']) array(fields, name)
  return checked(value, 'name')
}

function asSchedule(value: unknown): Schedule {
  const fields = asFields(value)
  whole(fields, 'version')
  for (const name of ['next', 'history']) array(fields, name)
  return checked(value, 'name')
}

function asTrigger(value: unknown): Trigger {
  whole(asFields(value), 'version')
  return checked(value, 'name')
}
