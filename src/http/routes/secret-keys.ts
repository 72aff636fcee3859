/** `/api/v1/secrets`: which keys have sealed what is stored, and their turn. No key is ever told. */
import { z } from 'zod'
import {
  keyRoles,
  type RotatedKey,
  rotateKeySchema,
  type SecretKeysReport,
} from '../../shared/protocol/secret-keys.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { closeSignal } from './close-signal.ts'

const report = z.object({
  file: z.string().describe('on the machine of the server'),
  keys: z.array(
    z.object({
      name: z.string().describe('made from the key, and says nothing about it'),
      role: z.enum(keyRoles),
      secrets: z.int().describe('so many stored secrets it has sealed'),
    }),
  ),
  unreadable: z.array(z.string()).describe('what holds a secret that no key here opens'),
})
const reportSchema: z.ZodType<SecretKeysReport> = report.meta({ id: 'SecretKeys' })
const rotatedSchema: z.ZodType<RotatedKey> = report
  .extend({ resealed: z.int().describe('so many stored secrets were sealed anew') })
  .meta({ id: 'RotatedKey' })

export function secretKeys(app: App, { keyRotation }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/secrets',
    config: { access: 'read' },
    schema: {
      tags: ['secrets'],
      summary: 'The keys that have sealed stored secrets, by name, with how many each has',
      response: { 200: reportSchema, ...refusals },
    },
    handler: () => keyRotation.report(),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/secrets/prepare',
    config: { access: 'change' },
    schema: {
      tags: ['secrets'],
      summary: 'Make the next key, for other nodes to have before it seals',
      response: { 200: reportSchema, ...refusals },
    },
    handler: () => keyRotation.prepare(),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/secrets/rotate',
    config: { access: 'change' },
    schema: {
      tags: ['secrets'],
      summary:
        'Seal all stored secrets with another key; the old one goes on opening until it is forgotten',
      description:
        'What was broken off is gone on with by the same request. Both keys open meanwhile.',
      body: rotateKeySchema,
      response: { 200: rotatedSchema, ...refusals },
    },
    handler: ({ body: { forgetOld } }, reply) => keyRotation.rotate(forgetOld, closeSignal(reply)),
  })
}
