/** `GET /metrics`: the figures of this process, for Prometheus. Needs a login, as they tell what runs. */
import { z } from 'zod'
import { exposition, expositionType } from '../metrics/exposition.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'

export function metrics(app: App, parts: Parts): void {
  app.route({
    method: 'GET',
    url: '/metrics',
    config: { access: 'read' },
    schema: {
      tags: ['server'],
      summary: 'Figures of this process',
      description:
        'The text format of Prometheus, version 0.0.4. Their list is in the documentation.',
      response: {
        200: {
          description: 'the figures',
          content: { 'text/plain': { schema: z.string() } },
        },
        ...refusals,
      },
    },
    handler: async (_request, reply) => {
      const families = await parts.metrics.read()
      return reply
        .type(expositionType)
        .header('cache-control', 'no-store')
        .send(exposition(families))
    },
  })
}
