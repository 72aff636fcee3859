/** `GET /api/v1/runs`: newest first, page by page. */
import { z } from 'zod'
import { limits } from '../../shared/limits.ts'
import { runIdSchema } from '../../shared/protocol/requests.ts'
import { runFilterFields, toRunFilter } from '../../shared/protocol/run-list.ts'
import { refusals, runListSchema } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { skipUnchanged } from '../unchanged.ts'
import { countParam } from './params.ts'

const query = z.strictObject({
  limit: countParam(1, limits.runsPageMax).default(50),
  before: runIdSchema.optional().describe('id of the last run of the page before'),
  tasks: z.enum(['true', 'false']).optional().describe('whole runs, with all of their tasks'),
  ...runFilterFields,
})

export function listRuns(app: App, { service }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs',
    config: { access: 'read' },
    onSend: skipUnchanged,
    schema: {
      tags: ['runs'],
      summary: 'List runs, newest first',
      querystring: query,
      response: {
        200: runListSchema,
        304: z.null().describe('nothing has changed since the `ETag` that `If-None-Match` names'),
        ...refusals,
      },
    },
    handler: async ({ query: { limit, before, tasks, ...fields } }) => {
      const page = { limit, ...(before && { before }), ...toRunFilter(fields) }
      return { runs: await (tasks === 'true' ? service.list(page) : service.listed(page)) }
    },
  })
}
