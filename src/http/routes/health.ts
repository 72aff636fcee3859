/** `GET /healthz`: says that the server answers, and nothing else. */
import { z } from 'zod'
import type { App } from '../parts.ts'

export function health(app: App): void {
  app.route({
    method: 'GET',
    url: '/healthz',
    config: { access: 'open' },
    schema: {
      tags: ['server'],
      summary: 'Is the server up',
      security: [],
      response: { 200: z.object({ status: z.literal('ok') }) },
    },
    handler: async () => ({ status: 'ok' as const }),
  })
}
