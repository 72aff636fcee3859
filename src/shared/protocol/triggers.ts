/**
 * Triggers on the wire (docs/protocol.md): a signed request of another program starts a saved command.
 * Schemas for the server; the page imports the types only.
 */
import { z } from 'zod'
import { automationLimits } from '../automation-limits.ts'
import { limits } from '../limits.ts'
import { parameterNamePattern } from '../saved-command.ts'
import { parameterValuesSchema, savedNameSchema } from './saved-commands.ts'

const mapped = z
  .strictObject({
    path: z
      .string()
      .max(automationLimits.triggerPathCharsMax)
      .regex(/^[^.\s]+(?:\.[^.\s]+)*$/, 'must be names joined by dots, as repository.name')
      .describe('place in the payload: names of fields, and numbers for entries of a list'),
    default: z
      .string()
      .max(limits.parameterCharsMax)
      .exactOptional()
      .describe('where the payload has nothing there; without it the request is refused'),
  })
  .readonly()

/** Body of `PUT /api/v1/triggers/{name}`. */
export const triggerRequestSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    saved: savedNameSchema.describe('the saved command that it starts'),
    target: z.string().min(1, 'is empty').max(limits.targetCharsMax).exactOptional(),
    parameters: parameterValuesSchema.default({}).describe('values that are always the same'),
    mapping: z
      .record(z.string().max(limits.savedNameCharsMax).regex(parameterNamePattern), mapped)
      .default({})
      .describe(
        'values from the payload, by the name of the parameter; no other field is looked at',
      ),
    signature: z
      .enum(['timestamp', 'github'])
      .default('timestamp')
      .describe('timestamp: X-Farglass-Signature; github: X-Hub-Signature-256'),
    confirm: z
      .boolean()
      .optional()
      .describe('a person has agreed, where the saved command or a group wants that'),
    secret: z
      .string()
      .min(
        automationLimits.triggerSecretCharsMin,
        `is shorter than ${automationLimits.triggerSecretCharsMin} characters`,
      )
      .max(limits.secretCharsMax)
      .exactOptional()
      .describe(
        'key of the signature; never given back. Without it the old one stays, or one is made',
      ),
  })
  .readonly()
export type TriggerRequest = z.infer<typeof triggerRequestSchema>

/** Answer of `GET /api/v1/triggers/{name}`. */
export interface Trigger extends Omit<TriggerRequest, 'secret'> {
  readonly name: string
  readonly version: number
  /** Path to send to. */
  readonly path: string
  /** Only in the answer to the request that has made it. */
  readonly secret: string | null
}

/** What a payload would start: answer of `POST /api/v1/triggers/{name}/test`. */
export interface TriggerTest {
  readonly target: string
  /** Null: secret, or another one on each host. */
  readonly parameters: Readonly<Record<string, string | null>>
}
