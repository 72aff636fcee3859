/** `/api/v1/targets` and `/api/v1/groups`: what an expression names, and the groups that can stand in one. */
import { z } from 'zod'
import { limits } from '../../shared/limits.ts'
import type { HostGroups, TargetPreview } from '../../shared/protocol/hosts.ts'
import { hostGroupsSchema, targetPreviewSchema } from '../openapi/host-schemas.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'

export function previewTarget(app: App, { hosts }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/targets',
    config: { access: 'read' },
    schema: {
      tags: ['hosts'],
      summary: 'Say which hosts a target names, before anything runs there',
      description: 'What is wrong with the expression is told in the answer, as `complaint`.',
      querystring: z.strictObject({ expression: z.string().max(limits.targetCharsMax) }),
      response: { 200: targetPreviewSchema, ...refusals },
    },
    handler: ({ query: { expression } }): Promise<TargetPreview> => hosts.preview(expression),
  })
}

export function listGroups(app: App, { hosts }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/groups',
    config: { access: 'read' },
    schema: {
      tags: ['hosts'],
      summary: 'List the groups of the inventory with their hosts',
      response: { 200: hostGroupsSchema, ...refusals },
    },
    handler: (): Promise<HostGroups> => hosts.groups(),
  })
}
