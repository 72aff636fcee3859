/** `/api/v1/runs/{id}/marks`: lines that people have marked, for everybody who reads the run. */
import { cursorSchema } from '../../shared/protocol/requests.ts'
import { marksSchema, refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { viewerName } from '../viewer-name.ts'
import { runIdOf, runParams } from './run-id.ts'

const lineParams = runParams.extend({
  pos: cursorSchema.describe('position of the line').meta({ type: 'integer', minimum: 0 }),
})

export function marks(app: App, { service }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/marks',
    config: { access: 'read' },
    schema: {
      tags: ['lines'],
      summary: 'Lines that somebody has marked',
      description: 'By position. A stream tells of each change by `marks`.',
      params: runParams,
      response: { 200: marksSchema, ...refusals },
    },
    handler: async ({ params }) => ({ marks: await service.marks(runIdOf(params.id)) }),
  })
  for (const method of ['PUT', 'DELETE'] as const) {
    const isMarked = method === 'PUT'
    app.route({
      method,
      url: '/api/v1/runs/:id/marks/:pos',
      config: { access: 'change' },
      schema: {
        tags: ['lines'],
        summary: isMarked ? 'Mark a line for everybody' : 'Take the mark of a line back',
        description:
          'Gives all marks. What is so already stays as it is. The header `X-Farglass-Name` says by whom.',
        params: lineParams,
        response: { 200: marksSchema, ...refusals },
      },
      handler: async ({ params: { id, pos }, headers }) => {
        const wish = { pos, isMarked, by: viewerName(headers) }
        return { marks: await service.mark(runIdOf(id), wish) }
      },
    })
  }
}
