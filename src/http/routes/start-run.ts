/** `POST /api/v1/runs`: starts a run. */
import { runRequestSchema } from '../../shared/protocol/requests.ts'
import { idempotencyKey } from '../idempotency.ts'
import { refusals, runSchema } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'

export function startRun(app: App, { service }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/runs',
    config: { access: 'change' },
    schema: {
      tags: ['runs'],
      summary: 'Run a command, or follow a source, on every host of a target',
      description:
        'With an `Idempotency-Key` the same request can be sent again: it gives the run of the first one.',
      body: runRequestSchema,
      response: { 201: runSchema, ...refusals },
    },
    handler: async (request, reply) => {
      const key = idempotencyKey(request.headers, ['run', request.body])
      const run = await service.start({ request: request.body, ...(key && { key }) })
      return reply.code(201).header('location', `/api/v1/runs/${run.id}`).send(run)
    },
  })
}
