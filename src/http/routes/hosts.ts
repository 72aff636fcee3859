/** `/api/v1/hosts`: the hosts that are known here, what ssh makes of one, and a check of the way to it. */
import { z } from 'zod'
import { limits } from '../../shared/limits.ts'
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
      summary: 'List the hosts of ssh_config, and those of the newest runs',
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
        'Resolves, connects, signs in and asks the host whether it can hold durable runs. Starts nothing there and asks nobody: a host key that is not known, or a password, ends it. What goes wrong is told in the answer.',
      params,
      response: { 200: hostCheckSchema, ...refusals },
    },
    handler: ({ params: { name } }, reply): Promise<HostCheck> =>
      hosts.check(name, closeSignal(reply)),
  })
}
