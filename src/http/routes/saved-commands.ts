/** `/api/v1/commands`: saved commands, one by one and as YAML. They are started by `POST /api/v1/runs`. */
import { z } from 'zod'
import { limits } from '../../shared/limits.ts'
import {
  importCommandsSchema,
  putCommandSchema,
  savedNameSchema,
} from '../../shared/protocol/saved-commands.ts'
import { importedSchema, savedListSchema, storedCommandSchema } from '../openapi/saved-schemas.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { countParam } from './params.ts'

const params = z.object({ name: savedNameSchema.describe('of the saved command') })
const version = countParam(0, 9_999_999_999).optional()

export function listCommands(app: App, { commands }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/commands',
    config: { access: 'read' },
    schema: {
      tags: ['saved commands'],
      summary: 'List the saved commands, by name',
      response: { 200: savedListSchema, ...refusals },
    },
    handler: async () => {
      const { items, unreadable } = await commands.list()
      return { commands: items, unreadable }
    },
  })
}

export function savedCommand(app: App, { commands }: Parts): void {
  const url = '/api/v1/commands/:name'
  app.route({
    method: 'GET',
    url,
    config: { access: 'read' },
    schema: {
      tags: ['saved commands'],
      summary: 'One saved command',
      params,
      response: { 200: storedCommandSchema, ...refusals },
    },
    handler: ({ params: { name } }) => commands.get(name),
  })
  app.route({
    method: 'PUT',
    url,
    config: { access: 'change' },
    schema: {
      tags: ['saved commands'],
      summary: 'Store a saved command',
      description:
        'With `version` only over that one, so that nobody undoes the change of another.',
      params,
      body: putCommandSchema,
      response: { 200: storedCommandSchema, ...refusals },
    },
    handler: ({ params: { name }, body }) => commands.put({ ...body.command, name }, body.version),
  })
  app.route({
    method: 'DELETE',
    url,
    config: { access: 'change' },
    schema: {
      tags: ['saved commands'],
      summary: 'Remove a saved command',
      description: 'Its runs stay, and go on.',
      params,
      querystring: z.strictObject({ version: version.describe('only this one') }),
      response: { 204: z.null(), ...refusals },
    },
    handler: async ({ params: { name }, query }, reply) => {
      await commands.remove(name, query.version)
      return reply.code(204).send(null)
    },
  })
}

const exportQuery = z.strictObject({
  names: z
    .string()
    .max(limits.targetCharsMax)
    .transform((text) => text.split(','))
    .optional()
    .describe('those with these names, joined by commas; all without it'),
})

export function exportCommands(app: App, { commands }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/commands/export',
    config: { access: 'read' },
    schema: {
      tags: ['saved commands'],
      summary: 'Saved commands as YAML',
      description: 'One document each, as the import takes them.',
      querystring: exportQuery,
      response: {
        200: {
          description: 'the documents',
          content: { 'application/yaml': { schema: z.string() } },
        },
        ...refusals,
      },
    },
    handler: async ({ query: { names } }, reply) => {
      const yaml = await commands.exportYaml(names)
      reply.headers({
        'content-disposition': 'attachment; filename="saved-commands.yaml"',
        'content-security-policy': "sandbox; default-src 'none'",
      })
      return reply.type('application/yaml; charset=utf-8').send(yaml)
    },
  })
}

export function importCommands(app: App, { commands }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/commands/import',
    config: { access: 'change' },
    schema: {
      tags: ['saved commands'],
      summary: 'Store the saved commands of a text of YAML',
      description:
        'All of them or none; one that is there already is replaced. What is wrong names its document and line.',
      body: importCommandsSchema,
      response: { 200: importedSchema, ...refusals },
    },
    handler: async ({ body: { yaml } }) => ({ commands: await commands.importYaml(yaml) }),
  })
}
