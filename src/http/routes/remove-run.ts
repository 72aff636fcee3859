/** `DELETE /api/v1/runs/{id}`: removes a run that has ended, with its lines, for good. */
import { z } from 'zod'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { runIdOf, runParams } from './run-id.ts'

export function removeRun(app: App, { service }: Parts): void {
  app.route({
    method: 'DELETE',
    url: '/api/v1/runs/:id',
    config: { access: 'change' },
    schema: {
      tags: ['runs'],
      summary: 'Remove a run and its lines for good',
      description: 'Only when it has ended: 409 before that.',
      params: runParams,
      response: { 204: z.null().describe('it is gone'), ...refusals },
    },
    handler: async ({ params }, reply) => {
      await service.remove(runIdOf(params.id))
      return reply.code(204).send(null)
    },
  })
}
