/** `GET /api/v1/runs/{id}`: a run with its tasks. */
import { refusals, runSchema } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { runIdOf, runParams } from './run-id.ts'

export function getRun(app: App, { service }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id',
    config: { access: 'read' },
    schema: {
      tags: ['runs'],
      summary: 'Get a run with its tasks',
      params: runParams,
      response: { 200: runSchema, ...refusals },
    },
    handler: async ({ params }) => service.get(runIdOf(params.id)),
  })
}
