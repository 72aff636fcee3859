/** `/api/v1/retention`: how long runs are kept, and what a policy would remove before it is saved. */
import { z } from 'zod'
import { limits } from '../../shared/limits.ts'
import type { RetentionPolicy, RetentionPreview } from '../../shared/retention.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'

const bound = z.int().min(1).nullable()
const age = bound.describe('milliseconds after their end at which lines of runs go')
const runsMax = bound.describe('the oldest go while more runs have their lines')

const policySchema: z.ZodType<RetentionPolicy> = z
  .strictObject({
    ageMs: age,
    bytesMax: bound.describe('the oldest go while the output of all is more'),
    runsMax,
    rowAgeMs: bound.describe('milliseconds after its end at which a run leaves the list too'),
    saved: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(limits.savedNameCharsMax),
          ageMs: age,
          runsMax,
        }),
      )
      .max(limits.recordsPerKindMax)
      .readonly()
      .describe('other bounds for the runs of saved commands'),
  })
  .meta({ id: 'RetentionPolicy', description: 'Null: no such bound.' })

const sum = z.object({ runs: z.int(), bytes: z.int().describe('of output, as hosts sent it') })

const previewSchema: z.ZodType<RetentionPreview> = z
  .object({
    lines: sum.describe('runs whose lines would go'),
    rows: sum.describe('runs that would go from the list too'),
    kept: sum.describe('runs that keep their lines, without pinned ones'),
    pinned: sum,
  })
  .meta({ id: 'RetentionPreview' })

export function retention(app: App, parts: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/retention',
    config: { access: 'read' },
    schema: {
      tags: ['retention'],
      summary: 'How long runs are kept',
      response: { 200: policySchema, ...refusals },
    },
    handler: async () => parts.retention.policy(),
  })
  app.route({
    method: 'PUT',
    url: '/api/v1/retention',
    config: { access: 'change' },
    schema: {
      tags: ['retention'],
      summary: 'Change how long runs are kept',
      description: 'What it removes goes at once, in the background, and says so in each run.',
      body: policySchema,
      response: { 200: policySchema, ...refusals },
    },
    handler: async ({ body }) => {
      await parts.retention.save(body)
      return parts.retention.policy()
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/retention/rules',
    config: { access: 'read' },
    schema: {
      tags: ['retention'],
      summary: 'How long runs are kept, as it counts',
      description: 'With what saved commands say themselves of their runs (`keepDays`).',
      response: { 200: policySchema, ...refusals },
    },
    handler: async () => parts.retention.rules(),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/retention/preview',
    config: { access: 'change' },
    schema: {
      tags: ['retention'],
      summary: 'What a policy would remove now, without removing it',
      body: policySchema,
      response: { 200: previewSchema, ...refusals },
    },
    handler: async ({ body }) => parts.retention.preview(body),
  })
}
