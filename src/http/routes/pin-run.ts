/** `/api/v1/runs/{id}/pin`: retention leaves a pinned run as it is. */
import { refusals, runSchema } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { runIdOf, runParams } from './run-id.ts'

export function pinRun(app: App, { service }: Parts): void {
  for (const method of ['PUT', 'DELETE'] as const) {
    const isPinned = method === 'PUT'
    app.route({
      method,
      url: '/api/v1/runs/:id/pin',
      config: { access: 'change' },
      schema: {
        tags: ['runs'],
        summary: isPinned ? 'Pin a run: retention leaves it' : 'Let go of a pinned run',
        description: 'Gives the run. What is so already stays as it is.',
        params: runParams,
        response: { 200: runSchema, ...refusals },
      },
      handler: async ({ params }) => service.pin(runIdOf(params.id), isPinned),
    })
  }
}
