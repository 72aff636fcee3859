/** What alerts, schedules and triggers have in common on the wire: each is kept under a name. */
import { z } from 'zod'
import { automationLimits } from '../automation-limits.ts'

export const automationNameSchema = z
  .string()
  .max(automationLimits.automationNameCharsMax)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be of small letters, digits, "-", "_" and "."')
