/** `GET /api/v1/runs/{id}/groups` and its stream: which tasks have printed the same. */
import { z } from 'zod'
import { limits } from '../../shared/limits.ts'
import { maskNames } from '../../shared/line-mask.ts'
import { groupedRunSchema, refusals, streamAnswers } from '../openapi/schemas.ts'
import { type App, type Parts, sessionOf } from '../parts.ts'
import { groupsFormat } from '../sse/groups-format.ts'
import { serveStream } from '../sse/serve-stream.ts'
import { closeSignal } from './close-signal.ts'
import { runIdOf, runParams } from './run-id.ts'
import { isFinal, streamCursor } from './stream-cursor.ts'

const masksOf = z
  .string()
  .default('')
  .transform((list) => list.split(',').filter((name) => name !== ''))
  .pipe(z.array(z.enum(maskNames)))
  .describe(`what of the lines does not count, separated by commas: ${maskNames.join(', ')}`)
  .meta({ type: 'string' })
const query = z.strictObject({ mask: masksOf })

export function runGroups(app: App, { groups }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/groups',
    config: { access: 'read' },
    schema: {
      tags: ['lines'],
      summary: 'Group the tasks of a run by their output',
      description: `Tasks whose lines are the same, channel by channel, without colours and notes, and that have ended alike or go on. A task with more than ${limits.groupedLinesMax} lines is not grouped.`,
      params: runParams,
      querystring: query,
      response: { 200: groupedRunSchema, ...refusals },
    },
    handler: async ({ params, query: { mask } }, reply) => {
      const found = await groups.read(runIdOf(params.id), closeSignal(reply), mask)
      // Else nobody is there any more to be answered.
      return found ?? reply
    },
  })
}

export function streamGroups(app: App, { service, groups, viewers }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/groups/stream',
    config: { access: 'read' },
    schema: {
      tags: ['lines'],
      summary: 'Watch the groups of a run',
      description:
        'Server-sent events `groups`, each with all groups as `/api/v1/runs/{id}/groups` gives them, at the start and after changes; then `end`, and `bye`. Nothing is lost by a reconnect.',
      params: runParams,
      querystring: query,
      response: streamAnswers('the run has ended and the reader has its last groups'),
    },
    handler: async (request, reply) => {
      const run = await service.get(runIdOf(request.params.id))
      const { mask } = request.query
      if (isFinal(run, streamCursor(request.headers, 0))) return reply.code(204).send(null)
      await serveStream(request, reply, {
        viewers,
        feeds: [
          { run: run.id, format: groupsFormat, items: (gone) => groups.watch(run.id, gone, mask) },
        ],
        session: sessionOf(request),
      })
      return reply
    },
  })
}
