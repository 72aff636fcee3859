/** What a list says of entries that are kept and cannot be read, in the OpenAPI document. */
import { z } from 'zod'
import type { Unreadable } from '../../shared/listing.ts'

/** Field of a list, beside its items. */
export const unreadableSchema: z.ZodType<readonly Unreadable[]> = z
  .array(z.object({ name: z.string(), message: z.string(), hint: z.string() }))
  .describe('those that are kept and cannot be read: why, and what to do')
