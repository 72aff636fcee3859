/** `POST /api/v1/runs/{id}/rerun`: the same run again, or what is to be different of it. */
import { rerunStart } from '../../core/runs/rerun.ts'
import { checkConfirmed } from '../../core/saved-commands/check-confirmed.ts'
import { rerunSchema } from '../../shared/protocol/rerun.ts'
import { idempotencyKey } from '../idempotency.ts'
import { refusals, runSchema } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { runIdOf, runParams } from './run-id.ts'

export function rerunRun(app: App, parts: Parts): void {
  const { service, commands } = parts
  app.route({
    method: 'POST',
    url: '/api/v1/runs/:id/rerun',
    config: { access: 'change' },
    schema: {
      tags: ['runs'],
      summary: 'Run it again: on all of its hosts or on those that failed, as it was or changed',
      description:
        'The new run names the old one as `rerunOf`. With an `Idempotency-Key` the same request can be sent again. It is confirmed as a start is.',
      params: runParams,
      body: rerunSchema,
      response: { 201: runSchema, ...refusals },
    },
    handler: async ({ params, body, headers }, reply) => {
      const id = runIdOf(params.id)
      const { parameters: _, secrets: __, confirm: ___, ...asked } = body
      const key = idempotencyKey(headers, ['rerun', id, asked])
      const start = await rerunStart(await service.get(id), body, commands)
      await checkConfirmed(start, parts)
      const run = await service.start({ ...start, ...(key && { key }) })
      return reply.code(201).header('location', `/api/v1/runs/${run.id}`).send(run)
    },
  })
}
