/** `GET /api/v1/runs/{id}/stream`: history and live as server-sent events (docs/protocol.md). */
import { z } from 'zod'
import { streamAnswers } from '../openapi/schemas.ts'
import { type App, type Parts, sessionOf } from '../parts.ts'
import { pageFormat } from '../sse/page-format.ts'
import { feedOfRun, serveStream } from '../sse/serve-stream.ts'
import { nameIn } from '../viewer-name.ts'
import { fromParam } from './params.ts'
import { runIdOf, runParams } from './run-id.ts'
import { isFinal, streamCursor } from './stream-cursor.ts'

export function streamRun(app: App, { service, viewers }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/stream',
    config: { access: 'read' },
    schema: {
      tags: ['lines'],
      summary: 'Watch a run: every line from the cursor on, then live',
      description:
        'Server-sent events `run`, `task`, `lines`, `partial`, `reset`, `end`, `bye`. `id:` is the next cursor; `Last-Event-ID` wins over `from`. Ends after `end`; asked again with the final cursor it gives 204.',
      params: runParams,
      querystring: z.strictObject({ from: fromParam }),
      response: streamAnswers('the run has ended and the cursor is its last'),
    },
    handler: async (request, reply) => {
      const cursor = streamCursor(request.headers, request.query.from)
      const run = await service.get(runIdOf(request.params.id))
      if (isFinal(run, cursor)) return reply.code(204).send(null)
      await serveStream(request, reply, {
        viewers,
        feeds: [feedOfRun(service, { id: run.id, from: cursor.from, format: pageFormat })],
        session: sessionOf(request),
        ...nameIn(request.headers, service),
      })
      return reply
    },
  })
}
