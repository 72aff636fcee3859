/** The `{id}` of a run in an address: whatever is not a run of yours is simply not there. */
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { type RunId, runIdPattern } from '../../shared/run.ts'

/** Any text passes here: a malformed id gets the same answer as one that does not exist. */
export const runParams = z.strictObject({ id: z.string().describe('id of the run') })

/** The id as one that can exist. Throws `not-found`. */
export function runIdOf(id: string): RunId {
  if (runIdPattern.test(id)) return id
  throw new AppError('not-found', 'There is no run with this id.')
}
