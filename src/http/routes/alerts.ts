/** `/api/v1/alerts`: what is watched in runs, and who is told. */
import { z } from 'zod'
import { alertRequestSchema } from '../../shared/protocol/alerts.ts'
import {
  alertListSchema,
  alertSchema,
  deliveriesSchema,
  previewsSchema,
} from '../openapi/alert-schemas.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts, Route } from '../parts.ts'
import { closeSignal } from './close-signal.ts'
import { nameParams, versionQuery } from './named.ts'

export const alertRoutes: readonly Route[] = [listAlerts, oneAlert, testAlert, previewAlert]

function listAlerts(app: App, { automation }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/alerts',
    config: { access: 'read' },
    schema: {
      tags: ['alerts'],
      summary: 'List alerts, and what became of them',
      response: { 200: alertListSchema, ...refusals },
    },
    handler: async () => {
      const { items, unreadable } = await automation.alerts.list()
      return { alerts: items, unreadable }
    },
  })
}

/** Get, store and remove. */
function oneAlert(app: App, { automation }: Parts): void {
  const url = '/api/v1/alerts/:name'
  app.route({
    method: 'GET',
    url,
    config: { access: 'read' },
    schema: {
      tags: ['alerts'],
      summary: 'Give one alert',
      description: 'Addresses and keys of its webhooks are never given back.',
      params: nameParams,
      response: { 200: alertSchema, ...refusals },
    },
    handler: ({ params: { name } }) => automation.alerts.get(name),
  })
  app.route({
    method: 'PUT',
    url,
    config: { access: 'change' },
    schema: {
      tags: ['alerts'],
      summary: 'Store an alert',
      description:
        'A webhook without `url` keeps that of the same `id`. It is about lines and runs from now on; those of before are not judged.',
      params: nameParams,
      querystring: versionQuery,
      body: alertRequestSchema,
      response: { 200: alertSchema, ...refusals },
    },
    handler: ({ params: { name }, query: { version }, body }) =>
      automation.alerts.put(name, body, version),
  })
  app.route({
    method: 'DELETE',
    url,
    config: { access: 'change' },
    schema: {
      tags: ['alerts'],
      summary: 'Remove an alert',
      params: nameParams,
      response: { 204: z.null(), ...refusals },
    },
    handler: async ({ params: { name } }, reply) => {
      await automation.alerts.remove(name)
      return reply.code(204).send(null)
    },
  })
}

function testAlert(app: App, { automation }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/alerts/:name/test',
    config: { access: 'change' },
    schema: {
      tags: ['alerts'],
      summary: 'Send an example to each webhook of an alert',
      description: 'Once, and tells what came of it.',
      params: nameParams,
      response: { 200: deliveriesSchema, ...refusals },
    },
    handler: async ({ params: { name } }, reply) => ({
      deliveries: await automation.alerts.test(name, closeSignal(reply)),
    }),
  })
}

function previewAlert(app: App, { automation }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/alerts/:name/preview',
    config: { access: 'change' },
    schema: {
      tags: ['alerts'],
      summary: 'What the webhooks of an alert would be sent',
      description: 'Of the alert in the body, which need not be stored. Sends nothing.',
      params: nameParams,
      body: alertRequestSchema,
      response: { 200: previewsSchema, ...refusals },
    },
    handler: async ({ params: { name }, body }) => ({
      previews: await automation.alerts.preview(name, body),
    }),
  })
}
