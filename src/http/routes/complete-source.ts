/** `/api/v1/hosts/{name}/complete`: what the host has that goes on with what somebody types. */
import { z } from 'zod'
import { limits } from '../../shared/limits.ts'
import { type Completions, completedKinds } from '../../shared/protocol/completion.ts'
import { completionsSchema } from '../openapi/host-schemas.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { closeSignal } from './close-signal.ts'

const params = z.object({
  name: z
    .string()
    .max(limits.hostCharsMax)
    .describe('as a target names it: alias or user@name:port'),
})

const querystring = z.strictObject({
  kind: z.enum(completedKinds),
  prefix: z
    .string()
    .max(limits.completionPrefixCharsMax)
    // The shell of the host would end the text there.
    .refine((text) => !/[\0\n\r]/.test(text), 'holds more than one line')
    .default('')
    .describe('typed so far'),
})

export function completeSource(app: App, { hosts }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/hosts/:name/complete',
    config: { access: 'read' },
    schema: {
      tags: ['hosts'],
      summary: 'Complete paths, units or containers of a host',
      description:
        'Over the connection that there is, else over a new one, by a constant script that gets the prefix on its stdin. Starts nothing there and asks nobody: a host that wants a password, or whose key is not known, cannot be asked.',
      params,
      querystring,
      response: { 200: completionsSchema, ...refusals },
    },
    handler: ({ params: { name }, query }, reply): Promise<Completions> =>
      hosts.complete(name, query, closeSignal(reply)),
  })
}
