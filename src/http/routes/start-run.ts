/** `POST /api/v1/runs`: starts a run. */
import { checkConfirmed } from '../../core/saved-commands/check-confirmed.ts'
import { startOf } from '../../core/saved-commands/start-of.ts'
import { startRunSchema, toStartRequest } from '../../shared/protocol/start-run.ts'
import { idempotencyKey } from '../idempotency.ts'
import { refusals, runSchema } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'

export function startRun(app: App, parts: Parts): void {
  const { service, commands } = parts
  app.route({
    method: 'POST',
    url: '/api/v1/runs',
    config: { access: 'change' },
    schema: {
      tags: ['runs'],
      summary:
        'Run a command, follow a source, or start a saved command, on every host of a target',
      description:
        'With an `Idempotency-Key` the same request can be sent again: it gives the run of the first one. What a saved command or a group wants to be confirmed is refused without `confirm` (409 `confirmation-needed`).',
      body: startRunSchema,
      response: { 201: runSchema, ...refusals },
    },
    handler: async (request, reply) => {
      const { start, asked } = await startOf(toStartRequest(request.body), commands)
      await checkConfirmed(start, parts)
      const key = idempotencyKey(request.headers, ['run', asked])
      const run = await service.start({ ...start, ...(key && { key }) })
      return reply.code(201).header('location', `/api/v1/runs/${run.id}`).send(run)
    },
  })
}
