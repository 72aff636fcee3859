/** Regular expressions that people wrote, on texts of other people: with an end, whatever both are. */
import { runInNewContext } from 'node:vm'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { MatchesWhole } from '../../shared/parameter-value.ts'

/** Everything else waits meanwhile, so it may not take long. Throws `bad-pattern` for one that would. */
export const matchesWithin: MatchesWhole = (pattern, text) => {
  try {
    const matches: unknown = runInNewContext(script, { pattern, text }, { timeout })
    return matches === true
  } catch (cause) {
    if (!isTimeout(cause)) throw cause
    throw new AppError('bad-pattern', `The pattern ${pattern} takes too long on this text.`, {
      cause,
      hint: 'Write it without a repetition inside of a repetition, as (a+)+.',
    })
  }
}

const timeout = limits.parameterPatternMs
/** Both are data there; the same expression as `wholePattern`. */
const script = "new RegExp('^(?:' + pattern + ')$', 'u').test(text)"

/** It may come from the other context, where another Error is at home. */
function isTimeout(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'code' in thrown &&
    thrown.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  )
}
