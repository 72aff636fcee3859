/** Body of `POST /api/v1/runs/{id}/rerun`. Values for the server; the page imports the types only. */
import { z } from 'zod'
import { runRequestSchema } from './requests.ts'

export const rerunHosts = ['all', 'failed', 'not-succeeded'] as const

/**
 * Which hosts of a run are run on again: those of its target as it is now, the tasks that have failed
 * (lost and timed out ones too), or all that have not succeeded, such as those never started.
 */
export type RerunHosts = (typeof rerunHosts)[number]

export const rerunSchema = runRequestSchema
  .partial()
  .extend({
    hosts: z
      .enum(rerunHosts)
      .optional()
      .describe('`all` (default): the target anew; `failed`; `not-succeeded`: also never started'),
    parameters: z
      .record(z.string(), z.string())
      .optional()
      .describe('of its saved command; secret ones are not kept, and must be given again'),
  })
  .superRefine(({ target, hosts }, context) => {
    if (target === undefined || hosts === undefined) return
    context.addIssue({ code: 'custom', path: ['target'], message: 'cannot go with "hosts"' })
  })

/** What is to be different; all else is as it was. */
export type RerunRequest = z.infer<typeof rerunSchema>
