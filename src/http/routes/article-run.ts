/** `POST /run`: the article's own way to start a command, by a form. */
import { z } from 'zod'
import { checkConfirmed } from '../../core/saved-commands/check-confirmed.ts'
import { parseDestination } from '../../shared/destination.ts'
import { AppError } from '../../shared/errors.ts'
import { articleRunSchema } from '../../shared/protocol/requests.ts'
import { Secret } from '../../shared/secret.ts'
import { idempotencyKey } from '../idempotency.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'

export function articleRun(app: App, parts: Parts): void {
  const { service } = parts
  app.route({
    method: 'POST',
    url: '/run',
    config: { access: 'article' },
    schema: {
      tags: ['article'],
      summary: 'Start a command by a form',
      description:
        'Fields `host` (`name:port`), `username`, `password`, `command`. A password is used for this one connection and no key is offered beside it; without one, keys are used. `confirm` (`true`) where a group of the host wants that.',
      consumes: ['multipart/form-data', 'application/x-www-form-urlencoded'],
      body: articleRunSchema,
      response: { 200: z.object({ uid: z.string() }), ...refusals },
    },
    handler: async ({ body, headers }) => {
      const { host, username, password, command, confirm } = body
      if (host.includes(',')) throw new AppError('bad-target', 'The field "host" takes one host.')
      const target = username === '' ? host : `${username}@${host}`
      // A typed password is for one host.
      parseDestination(target)
      // Without the password: digests are stored.
      const key = idempotencyKey(headers, ['article', host, username, command])
      // Its page shows output until that has ended, also what comes after the command itself.
      const request = {
        target,
        source: { kind: 'command', command },
        mode: 'plain',
        confirm: confirm === 'true',
      } as const
      await checkConfirmed({ request }, parts)
      const run = await service.start({
        request,
        ...(password !== '' && { login: { password: new Secret(password) } }),
        ...(key && { key }),
      })
      return { uid: run.id }
    },
  })
}
