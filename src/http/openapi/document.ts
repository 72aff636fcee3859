/** The OpenAPI document, made from the schemas of the routes, at `GET /openapi.json`. */
import swagger from '@fastify/swagger'
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { App } from '../parts.ts'

/** To be awaited before the routes are registered: it collects them as they come. */
export async function addOpenApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    transform: createJsonSchemaTransform({ zodToJsonConfig: { override: plainNumbers } }),
    transformObject: jsonSchemaTransformObject,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Farglass',
        version,
        description:
          'Run commands on remote machines over SSH and follow their output, with no line lost. The contract of the streams is in docs/protocol.md.',
      },
      tags: [
        { name: 'runs', description: 'Start, list, stop' },
        { name: 'lines', description: 'Read and watch output' },
        { name: 'article', description: 'The two routes of the article that Farglass grew out of' },
        { name: 'alerts', description: 'What is watched in runs, and who is told' },
        { name: 'schedules', description: 'What is started by the clock' },
        { name: 'triggers', description: 'What other programs start by a signed request' },
        { name: 'login', description: 'Sessions of browsers' },
        { name: 'server', description: 'About the server' },
      ],
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      },
      security: [{ bearer: [] }],
    },
  })
}

/** Numbers in addresses are texts that are checked by a pattern; the document says integer. */
function plainNumbers({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.type === 'integer') delete jsonSchema.pattern
}

/** `GET /openapi.json`, for anybody. */
export function openApiRoute(app: App): void {
  app.route({
    method: 'GET',
    url: '/openapi.json',
    config: { access: 'open' },
    schema: { hide: true },
    handler: async () => app.swagger(),
  })
}
