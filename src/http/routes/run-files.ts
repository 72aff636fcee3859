/** Whole runs as files: `GET /api/v1/runs/{id}/file`, and `POST /api/v1/runs/import` to bring one back. */
import { Readable } from 'node:stream'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { linesIn } from '../../shared/text-lines.ts'
import { partsOfFile } from '../body-time.ts'
import { refusals, runSchema } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { runIdOf, runParams } from './run-id.ts'

const fileSchema: z.ZodType<string | Readable> = z.string()

export function runFiles(app: App, { service, runFiles: files, clock }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/file',
    config: { access: 'read' },
    schema: {
      tags: ['runs'],
      summary: 'Download a run that has ended as a file',
      params: runParams,
      response: {
        200: {
          description: 'its record, its lines with their exact bytes, and an end',
          content: { 'application/x-ndjson': { schema: fileSchema } },
        },
        ...refusals,
      },
    },
    handler: async ({ params }, reply) => {
      const { id } = await service.get(runIdOf(params.id))
      reply.headers({
        'content-disposition': `attachment; filename="${id}.run.ndjson"`,
        'content-security-policy': "sandbox; default-src 'none'",
      })
      reply.type('application/x-ndjson')
      return reply.send(Readable.from(files.write(id), { objectMode: false }))
    },
  })
  app.route({
    method: 'POST',
    url: '/api/v1/runs/import',
    config: { access: 'change' },
    schema: {
      tags: ['runs'],
      summary: 'Bring a run back from its file',
      description:
        'The body is what `GET …/file` has given, as application/x-ndjson; it may take as long as it likes while it comes. The run has the same id, lines, positions and times, and is pinned; 409 when it is there.',
      response: { 201: runSchema, ...refusals },
    },
    handler: async ({ body, raw }, reply) => {
      if (!(body instanceof Readable)) {
        throw new AppError(
          'unsupported-media-type',
          'The body of this request is no file of a run.',
          {
            hint: 'Send it as application/x-ndjson.',
          },
        )
      }
      return reply.code(201).send(await files.read(linesIn(partsOfFile(raw, clock))))
    },
  })
}
