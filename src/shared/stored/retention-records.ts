/** Schemas of what is stored of retention. */
import { z } from 'zod'
import type { RetentionPolicy } from '../retention.ts'

const bound = z.int().min(1).nullable().default(null)

/** Closed: by a rule of a newer Farglass that is not known here more would be removed than people want. */
export const storedPolicySchema: z.ZodType<RetentionPolicy> = z.strictObject({
  ageMs: bound,
  bytesMax: bound,
  runsMax: bound,
  rowAgeMs: bound,
  saved: z.array(z.strictObject({ name: z.string(), ageMs: bound, runsMax: bound })).default([]),
})

/** When a node has looked last, in milliseconds since 1970. */
export const storedTurnSchema: z.ZodType<number> = z.number()
