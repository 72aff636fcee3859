/** `/api/v1/hosts`: the hosts that are known here, what ssh makes of one, and a check of the way to it. */
import { Readable } from 'node:stream'
import { z } from 'zod'
import { limits } from '../../shared/limits.ts'
import { hostRequestSchema, hostsCheckSchema } from '../../shared/protocol/host-requests.ts'
import type { HostCheck, HostDetails, HostList } from '../../shared/protocol/hosts.ts'
import { hostCheckSchema, hostDetailsSchema, hostListSchema } from '../openapi/host-schemas.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { closeSignal } from './close-signal.ts'

const params = z.object({
  name: z
    .string()
    .max(limits.hostCharsMax)
    .describe('as a target names it: alias or user@name:port'),
})

export function listHosts(app: App, { hosts }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/hosts',
    config: { access: 'read' },
    schema: {
      tags: ['hosts'],
      summary: 'List the hosts of the inventory, and those of the newest runs',
      response: { 200: hostListSchema, ...refusals },
    },
    handler: (): Promise<HostList> => hosts.list(),
  })
}

export function getHost(app: App, { hosts }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/hosts/:name',
    config: { access: 'read' },
    schema: {
      tags: ['hosts'],
      summary: 'What ssh will use for a host',
      description: 'By `ssh -G` on the machine of Farglass.',
      params,
      response: { 200: hostDetailsSchema, ...refusals },
    },
    handler: ({ params: { name } }): Promise<HostDetails> => hosts.get(name),
  })
}

export function checkHost(app: App, { hosts }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/hosts/:name/check',
    config: { access: 'change' },
    schema: {
      tags: ['hosts'],
      summary: 'Go the way to a host, step by step',
      description:
        'Resolves, connects, signs in and asks the host whether it can hold durable runs. Starts nothing there and asks nobody: a host key that is not known, or a password, ends it. What goes wrong is told in the answer. What was found is kept.',
      params,
      response: { 200: hostCheckSchema, ...refusals },
    },
    handler: ({ params: { name } }, reply): Promise<HostCheck> =>
      hosts.check(name, closeSignal(reply)),
  })
}

export function putHost(app: App, { hosts }: Parts): void {
  app.route({
    method: 'PUT',
    url: '/api/v1/hosts/:name',
    config: { access: 'change' },
    schema: {
      tags: ['hosts'],
      summary: 'Add a host, or change what was said of it here',
      description:
        'A host of ssh_config or of the inventory file gets these groups and tags beside its own.',
      params,
      body: hostRequestSchema,
      response: { 200: hostDetailsSchema, ...refusals },
    },
    handler: ({ params: { name }, body }): Promise<HostDetails> => hosts.put(name, body),
  })
}

export function removeHost(app: App, { hosts }: Parts): void {
  app.route({
    method: 'DELETE',
    url: '/api/v1/hosts/:name',
    config: { access: 'change' },
    schema: {
      tags: ['hosts'],
      summary: 'Take an added host back',
      params,
      response: { 204: z.null(), ...refusals },
    },
    handler: async ({ params: { name } }, reply) => {
      await hosts.remove(name)
      return reply.code(204).send(null)
    },
  })
}

const checksSchema: z.ZodType<string | Readable> = z.string()

export function checkHosts(app: App, { hosts }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/hosts/check',
    config: { access: 'change' },
    schema: {
      tags: ['hosts'],
      summary: 'Check all hosts of a target',
      description: `JSON by lines: the check of each host when it is done; ${limits.hostChecksMax} at once.`,
      body: hostsCheckSchema,
      response: {
        200: {
          description: 'the checks',
          content: { 'application/x-ndjson': { schema: checksSchema } },
        },
        ...refusals,
      },
    },
    handler: async ({ body: { target } }, reply) => {
      const checks = hosts.checkAll(target, closeSignal(reply))
      // What is refused is refused before the answer begins.
      const first = await checks.next()
      const lines = Readable.from(linesOf(first, checks), { objectMode: false })
      return reply.header('x-accel-buffering', 'no').type('application/x-ndjson').send(lines)
    },
  })
}

async function* linesOf(
  first: IteratorResult<HostCheck>,
  rest: AsyncGenerator<HostCheck>,
): AsyncGenerator<string> {
  try {
    for (let item = first; item.done !== true; item = await rest.next()) {
      yield `${JSON.stringify(item.value)}\n`
    }
  } finally {
    await rest.return(undefined)
  }
}
