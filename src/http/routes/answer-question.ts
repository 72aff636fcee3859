/** `POST /api/v1/runs/{id}/tasks/{task}/answer`: answers what ssh asks (host key, password). */
import { z } from 'zod'
import { answerSchema } from '../../shared/protocol/requests.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { taskParam } from './params.ts'
import { runIdOf, runParams } from './run-id.ts'

const params = runParams.extend({ task: taskParam })

export function answerQuestion(app: App, { service }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/runs/:id/tasks/:task/answer',
    config: { access: 'change' },
    schema: {
      tags: ['runs'],
      summary: 'Answer the question of a task',
      description: 'Host key: trust it by naming its fingerprint again. Secret: it is not stored.',
      params,
      body: answerSchema,
      response: { 204: z.null().describe('taken'), ...refusals },
    },
    handler: async (request, reply) => {
      await service.answer(runIdOf(request.params.id), request.params.task, request.body)
      return reply.code(204).send(null)
    },
  })
}
