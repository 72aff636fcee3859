/** `/api/v1/triggers`: signed requests of other programs that start saved commands. */
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { runIdSchema } from '../../shared/protocol/requests.ts'
import { triggerRequestSchema } from '../../shared/protocol/triggers.ts'
import { signedKey } from '../auth/signature.ts'
import { parseJson } from '../body-parsers.ts'
import {
  triggerListSchema,
  triggerSchema,
  triggerTestSchema,
} from '../openapi/automation-schemas.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts, Route } from '../parts.ts'
import { nameParams, versionQuery } from './named.ts'

export const triggerRoutes: readonly Route[] = [listTriggers, oneTrigger, testTrigger, fireTrigger]

function listTriggers(app: App, { automation }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/triggers',
    config: { access: 'read' },
    schema: {
      tags: ['triggers'],
      summary: 'List triggers',
      response: { 200: triggerListSchema, ...refusals },
    },
    handler: async () => {
      const { items, unreadable } = await automation.triggers.list()
      return { triggers: items, unreadable }
    },
  })
}

/** Get, store and remove. */
function oneTrigger(app: App, { automation }: Parts): void {
  const url = '/api/v1/triggers/:name'
  app.route({
    method: 'GET',
    url,
    config: { access: 'read' },
    schema: {
      tags: ['triggers'],
      summary: 'A trigger, without its key',
      params: nameParams,
      response: { 200: triggerSchema, ...refusals },
    },
    handler: ({ params: { name } }) => automation.triggers.get(name),
  })
  app.route({
    method: 'PUT',
    url,
    config: { access: 'change' },
    schema: {
      tags: ['triggers'],
      summary: 'Store a trigger',
      description: 'Without a key, old or new, one is made: it is in this answer, and never again.',
      params: nameParams,
      querystring: versionQuery,
      body: triggerRequestSchema,
      response: { 200: triggerSchema, ...refusals },
    },
    handler: ({ params: { name }, query: { version }, body }) =>
      automation.triggers.put(name, body, version),
  })
  app.route({
    method: 'DELETE',
    url,
    config: { access: 'change' },
    schema: {
      tags: ['triggers'],
      summary: 'Remove a trigger',
      params: nameParams,
      response: { 204: z.null(), ...refusals },
    },
    handler: async ({ params: { name } }, reply) => {
      await automation.triggers.remove(name)
      return reply.code(204).send(null)
    },
  })
}

function testTrigger(app: App, { automation }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/triggers/:name/test',
    config: { access: 'change' },
    schema: {
      tags: ['triggers'],
      summary: 'What a payload would start',
      description: 'The body is the payload, unsigned. Nothing is started.',
      params: nameParams,
      body: z.unknown(),
      response: { 200: triggerTestSchema, ...refusals },
    },
    handler: ({ params: { name }, body }) => automation.triggers.test(name, body),
  })
}

/** The one route that a signature opens: it can start this trigger's command, and nothing else. */
function fireTrigger(app: App, { automation, triggerTries, clock }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/triggers/:name',
    config: { access: 'signed' },
    schema: {
      tags: ['triggers'],
      summary: 'Start the saved command of a trigger',
      description:
        'By a signature in place of a login. The same request again gives the run of the first one.',
      security: [],
      params: nameParams,
      response: { 201: z.object({ run: runIdSchema }), ...refusals },
    },
    handler: async (request, reply) => {
      const { name } = request.params
      const { triggers } = automation
      triggerTries.take(`${name} ${request.ip}`)
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const { headers } = request
      const key = signedKey(await triggers.lock(name), { headers, body, now: clock.now() })
      if (key === null)
        throw new AppError('bad-signature', 'The request is not signed as it must be.')
      const { id } = await triggers.start(name, { payload: parseJson(body), key })
      return reply.code(201).header('location', `/api/v1/runs/${id}`).send({ run: id })
    },
  })
}
