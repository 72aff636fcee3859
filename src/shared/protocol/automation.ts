/** What alerts, schedules and triggers have in common on the wire: each is kept under a name. */
import { z } from 'zod'
import { limits } from '../limits.ts'

export const automationNameSchema = z
  .string()
  .max(limits.automationNameCharsMax)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be of small letters, digits, "-", "_" and "."')
