/** Body of `POST /api/v1/runs`: a source, or a saved command in its place. Values for the server; the page imports the types only. */
import type { z } from 'zod'
import { type RunRequest, runRequestSchema } from './requests.ts'
import { type SavedStart, savedStartSchema } from './saved-commands.ts'

export const startRunSchema = runRequestSchema
  .partial({ target: true, source: true })
  .extend({
    saved: savedStartSchema
      .optional()
      .describe('a saved command, in the place of `source`; it may have a target of its own'),
  })
  .superRefine(({ target, source, saved }, context) => {
    const complain = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message })
    if (saved !== undefined && source !== undefined) complain('source', 'cannot go with "saved"')
    if (saved !== undefined) return
    if (target === undefined) complain('target', 'is missing')
    if (source === undefined) complain('source', 'is missing')
  })

/** Starts a saved command; what is given beside it goes before the command's own. */
export interface SavedRunRequest extends Omit<RunRequest, 'target' | 'source'> {
  readonly target?: string | undefined
  readonly saved: SavedStart
}

export type StartRequest = RunRequest | SavedRunRequest

/** The same as one of the two. */
export function toStartRequest(body: z.output<typeof startRunSchema>): StartRequest {
  const { target, source, saved, ...rest } = body
  if (saved !== undefined) return { ...rest, saved, target }
  // The schema has looked at it.
  if (target === undefined || source === undefined) throw new RangeError('neither source nor saved')
  return { ...rest, target, source }
}
