/** `POST /api/v1/runs/{id}/stop`: asks for the end of every task. */
import { refusals, runSchema } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { runIdOf, runParams } from './run-id.ts'

export function stopRun(app: App, { service }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/runs/:id/stop',
    config: { access: 'change' },
    schema: {
      tags: ['runs'],
      summary: 'Stop a run',
      description:
        'Answers at once with the run as it is. Its commands get TERM, then KILL; a note proves that they are gone.',
      params: runParams,
      response: { 200: runSchema, ...refusals },
    },
    handler: async ({ params }) => service.stop(runIdOf(params.id)),
  })
}
