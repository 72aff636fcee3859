/** `GET /api/v1/stream?runs=a:12,b:0`: several runs in one connection (docs/protocol.md). */
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { cursorSchema } from '../../shared/protocol/requests.ts'
import { streamAnswers } from '../openapi/schemas.ts'
import { type App, type Parts, sessionOf } from '../parts.ts'
import { formatOfRun } from '../sse/page-format.ts'
import { feedOfRun, serveStream } from '../sse/serve-stream.ts'
import { nameIn } from '../viewer-name.ts'
import { runIdOf } from './run-id.ts'
import { isFinal, type StreamCursor } from './stream-cursor.ts'

const query = z.strictObject({
  runs: z.string().describe('runs with their cursors: `id:from,id:from`, at most 64'),
})

export function streamRuns(app: App, { service, viewers }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/stream',
    config: { access: 'read' },
    schema: {
      tags: ['lines'],
      summary: 'Watch several runs in one connection',
      description:
        'The events of `/api/v1/runs/{id}/stream`, each with `runId`. `id:` is `<run>:<next>`; resume by `runs`, not by `Last-Event-ID`. Ends when all runs have ended.',
      querystring: query,
      response: streamAnswers('all runs have ended and everything was sent'),
    },
    handler: async (request, reply) => {
      const cursors = cursorsOf(request.query.runs)
      const watched = await Promise.all(
        cursors.map(async ({ id, cursor }) => ({ run: await service.get(runIdOf(id)), cursor })),
      )
      if (watched.every(({ run, cursor }) => isFinal(run, cursor))) {
        return reply.code(204).send(null)
      }
      const feeds = watched.map(({ run: { id }, cursor: { from } }) =>
        feedOfRun(service, { id, from, format: formatOfRun(id) }),
      )
      const session = sessionOf(request)
      const name = nameIn(request.headers, service)
      await serveStream(request, reply, { viewers, feeds, session, ...name })
      return reply
    },
  })
}

/** Throws `bad-request` or `bad-cursor`. */
function cursorsOf(text: string): { readonly id: string; readonly cursor: StreamCursor }[] {
  const parts = text.split(',')
  if (parts.length > limits.runsPerStreamMax) {
    const message = `The parameter "runs" names more than ${limits.runsPerStreamMax} runs.`
    throw new AppError('bad-request', message)
  }
  const cursors = parts.map((part) => {
    const [id = '', from = '0', ...more] = part.split(':')
    const parsed = cursorSchema.safeParse(from)
    if (parsed.success && more.length === 0) {
      return { id, cursor: { from: parsed.data, resumes: parsed.data > 0 } }
    }
    throw new AppError('bad-cursor', 'The parameter "runs" holds a cursor that is no whole number.')
  })
  if (new Set(cursors.map(({ id }) => id)).size < cursors.length) {
    throw new AppError('bad-request', 'The parameter "runs" names a run twice.')
  }
  return cursors
}
