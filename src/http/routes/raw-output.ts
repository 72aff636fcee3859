/** `GET /api/v1/runs/{id}/raw`: the exact bytes of the output, as a file. */
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { RunService } from '../../core/runs/run-service.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { type PlacedGroup, splitGroup } from '../../shared/line-group.ts'
import { cursorSchema } from '../../shared/protocol/requests.ts'
import type { Run } from '../../shared/run.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { fromParam, taskParam } from './params.ts'
import { runIdOf, runParams } from './run-id.ts'

const query = z.strictObject({
  task: taskParam.optional().describe('of this task; of all without it'),
  channel: z
    .enum(['out', 'err', 'note'])
    .optional()
    .describe('of this channel; stdout and stderr, as they came, without it'),
  from: fromParam,
  to: cursorSchema
    .optional()
    .meta({ type: 'integer', minimum: 0, description: 'before this position' }),
})
const fileSchema: z.ZodType<string | Readable> = z.string()
type Query = z.infer<typeof query>

export function rawOutput(app: App, { service }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/raw',
    config: { access: 'read' },
    schema: {
      tags: ['lines'],
      summary: 'Download the exact bytes',
      description: 'What is stored at the time of the request, byte for byte, as text/plain.',
      params: runParams,
      querystring: query,
      response: {
        200: {
          description: 'the bytes',
          content: { 'text/plain': { schema: fileSchema } },
        },
        ...refusals,
      },
    },
    handler: async (request, reply) => {
      const run = await service.get(runIdOf(request.params.id))
      reply.headers({
        'content-disposition': `attachment; filename="${fileName(run, request.query)}"`,
        'content-security-policy': "sandbox; default-src 'none'",
      })
      // Pulled by the socket: nothing is read from the store before there is room for it.
      const bytes = Readable.from(bytesOf(service, run, request.query), { objectMode: false })
      return reply.type('text/plain; charset=utf-8').send(bytes)
    },
  })
}

async function* bytesOf(service: RunService, run: Run, wanted: Query): AsyncGenerator<Uint8Array> {
  let from = Math.max(run.first, wanted.from)
  const end = Math.min(run.next, wanted.to ?? run.next)
  while (from < end) {
    const groups = await service.read(run.id, from, limits.catchUpBytesMax)
    if (groups.length === 0) return
    for (const group of groups) {
      if (group.pos >= end) return
      from = group.pos + group.count
      if (group.damaged === true) throw damaged(group)
      const kept = from > end ? splitGroup(group, end - group.pos)[0] : group
      if (isWanted(group, wanted)) yield kept.bytes
    }
  }
}

/** A download that stops short is seen to be broken; one that leaves bytes out is not. */
function damaged({ pos, count }: PlacedGroup): AppError {
  const what = `The stored lines ${pos} to ${pos + count - 1} are damaged on the disk of Farglass.`
  const hint = 'Ask for the parts before and after them, with "from" and "to".'
  return new AppError('store-failed', what, { hint })
}

function isWanted(group: PlacedGroup, { task, channel }: Query): boolean {
  if (task !== undefined && group.task !== task) return false
  return channel === undefined ? group.channel !== 'note' : group.channel === channel
}

/** Made of our own words only: nothing that a host or user wrote gets into a header. */
function fileName(run: Run, { task, channel }: Query): string {
  const parts = [run.id, ...(task === undefined ? [] : [`task${task}`]), channel ?? 'output']
  return `${parts.join('-')}.txt`
}
