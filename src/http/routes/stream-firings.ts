/** `GET /api/v1/firings/stream`: alerts that fire, as they do (docs/protocol.md). */
import { z } from 'zod'
import { automationLimits } from '../../shared/automation-limits.ts'
import { cursorSchema } from '../../shared/protocol/requests.ts'
import { endlessStream } from '../openapi/schemas.ts'
import { type App, type Parts, sessionOf } from '../parts.ts'
import { firingsFormat } from '../sse/firings-format.ts'
import { serveStream } from '../sse/serve-stream.ts'
import { streamCursor } from './stream-cursor.ts'

const query = z.strictObject({
  from: cursorSchema.exactOptional().meta({
    type: 'integer',
    minimum: 0,
    description: 'cursor that the reader had before; from now on without it',
  }),
})

export function streamFirings(app: App, { automation, viewers }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/firings/stream',
    config: { access: 'read' },
    schema: {
      tags: ['alerts'],
      summary: 'Watch what fires',
      description: `Server-sent events \`firings\` of all alerts, runs and nodes, the first one at once, and \`bye\`. \`id:\` is the next cursor; \`Last-Event-ID\` wins over \`from\`. The last ${automationLimits.firingsKept} firings can be had again. Never ends by itself.`,
      querystring: query,
      response: endlessStream,
    },
    handler: async (request, reply) => {
      const { from = null } = request.query
      const { resumes, from: last } = streamCursor(request.headers, 0)
      const cursor = resumes ? last : from
      await serveStream(request, reply, {
        viewers,
        feeds: [
          {
            run: null,
            format: firingsFormat,
            items: (gone) => automation.alerts.firings(cursor, gone),
          },
        ],
        session: sessionOf(request),
      })
      return reply
    },
  })
}
