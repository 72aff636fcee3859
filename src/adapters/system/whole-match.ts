/** Regular expressions that people wrote, on texts of other people: with an end, whatever both are. */
import { runInNewContext } from 'node:vm'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { MatchesWhole } from '../../shared/parameter-value.ts'

/** Everything else waits meanwhile, so it may not take long. Throws `bad-pattern` for one that would. */
export const matchesWithin: MatchesWhole = (pattern, text) => {
  for (let tries = 0; tries < limits.parameterPatternTries; tries++) {
    const matches = matchesInTime(pattern, text)
    if (matches !== undefined) return matches
  }
  throw new AppError('bad-pattern', `The pattern ${pattern} takes too long on this text.`, {
    hint: 'Write it without a repetition inside of a repetition, as (a+)+.',
  })
}

/** Undefined when the time was not enough. */
function matchesInTime(pattern: string, text: string): boolean | undefined {
  try {
    const matches: unknown = runInNewContext(script, { pattern, text }, { timeout })
    return matches === true
  } catch (thrown) {
    if (isTimeout(thrown)) return undefined
    throw thrown
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
