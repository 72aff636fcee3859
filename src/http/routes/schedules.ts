/** `/api/v1/schedules`: what is started by the clock. */
import { z } from 'zod'
import { scheduleRequestSchema } from '../../shared/protocol/schedules.ts'
import {
  scheduleListSchema,
  schedulePreviewSchema,
  scheduleSchema,
} from '../openapi/automation-schemas.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts, Route } from '../parts.ts'
import { nameParams, versionQuery } from './named.ts'

export const scheduleRoutes: readonly Route[] = [listSchedules, oneSchedule, previewSchedule]

function listSchedules(app: App, { automation }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/schedules',
    config: { access: 'read' },
    schema: {
      tags: ['schedules'],
      summary: 'List schedules, with their next times',
      response: { 200: scheduleListSchema, ...refusals },
    },
    handler: async () => {
      const { items, unreadable } = await automation.schedules.list()
      return { schedules: items, unreadable }
    },
  })
}

/** Get, store and remove. */
function oneSchedule(app: App, { automation }: Parts): void {
  const url = '/api/v1/schedules/:name'
  app.route({
    method: 'GET',
    url,
    config: { access: 'read' },
    schema: {
      tags: ['schedules'],
      summary: 'A schedule, its next times and what became of the ones before',
      params: nameParams,
      response: { 200: scheduleSchema, ...refusals },
    },
    handler: ({ params: { name } }) => automation.schedules.get(name),
  })
  app.route({
    method: 'PUT',
    url,
    config: { access: 'change' },
    schema: {
      tags: ['schedules'],
      summary: 'Store a schedule',
      description: 'What it starts is checked as if it were started now. Nothing is started.',
      params: nameParams,
      querystring: versionQuery,
      body: scheduleRequestSchema,
      response: { 200: scheduleSchema, ...refusals },
    },
    handler: ({ params: { name }, query: { version }, body }) =>
      automation.schedules.put(name, body, version),
  })
  app.route({
    method: 'DELETE',
    url,
    config: { access: 'change' },
    schema: {
      tags: ['schedules'],
      summary: 'Remove a schedule',
      params: nameParams,
      response: { 204: z.null(), ...refusals },
    },
    handler: async ({ params: { name } }, reply) => {
      await automation.schedules.remove(name)
      return reply.code(204).send(null)
    },
  })
}

function previewSchedule(app: App, { automation }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/schedules/:name/preview',
    config: { access: 'change' },
    schema: {
      tags: ['schedules'],
      summary: 'The next times of a schedule that need not be stored',
      params: nameParams,
      body: scheduleRequestSchema,
      response: { 200: schedulePreviewSchema, ...refusals },
    },
    handler: ({ body }) => automation.schedules.preview(body),
  })
}
