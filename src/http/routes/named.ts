/** What the routes of alerts, schedules and triggers have in common. */
import { z } from 'zod'
import { automationNameSchema } from '../../shared/protocol/automation.ts'
import { countParam } from './params.ts'

export const nameParams = z.object({ name: automationNameSchema })

export const versionQuery = z.object({
  version: countParam(0, 2 ** 31)
    .optional()
    .describe('the one that was changed, 0 for a new one: refused when another one is stored'),
})
