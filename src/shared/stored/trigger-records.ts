/** Schema of what is stored of triggers. */
import { z } from 'zod'
import { triggerRequestSchema } from '../protocol/triggers.ts'

/** A trigger as people wrote it, but for its key, which is sealed. */
export const storedTriggerSchema = triggerRequestSchema
  .unwrap()
  .omit({ secret: true })
  .extend({ sealed: z.string() })
