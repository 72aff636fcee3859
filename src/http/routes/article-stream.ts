/** `GET /stream?channel=<uid>`: the article's own stream, one `message` event per line. */
import { z } from 'zod'
import { streamAnswers } from '../openapi/schemas.ts'
import { type App, type Parts, sessionOf } from '../parts.ts'
import { articleFormat } from '../sse/article-format.ts'
import { feedOfRun, serveStream } from '../sse/serve-stream.ts'
import { runIdOf } from './run-id.ts'
import { isFinal, streamCursor } from './stream-cursor.ts'

const query = z.strictObject({ channel: z.string().describe('the uid that POST /run gave') })

export function articleStream(app: App, { service, viewers }: Parts): void {
  app.route({
    method: 'GET',
    url: '/stream',
    config: { access: 'read' },
    schema: {
      tags: ['article'],
      summary: 'Watch a run as {"message": line} events',
      description:
        'Failures, gaps and reconnects come as lines that start with `[farglass] `. Ends with the run; asked again with the final `Last-Event-ID` it gives 204.',
      querystring: query,
      response: streamAnswers('the run has ended and everything was sent'),
    },
    handler: async (request, reply) => {
      const cursor = streamCursor(request.headers, 0)
      const run = await service.get(runIdOf(request.query.channel))
      if (isFinal(run, cursor)) return reply.code(204).send(null)
      await serveStream(request, reply, {
        viewers,
        feeds: [feedOfRun(service, { id: run.id, from: cursor.from, format: articleFormat })],
        session: sessionOf(request),
      })
      return reply
    },
  })
}
