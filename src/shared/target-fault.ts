/** What is wrong with a target, with the column where it is. */
import { AppError } from './errors.ts'

/** `at` counts from 0, as strings do; people count from 1. `why` is the end of a sentence. */
export function targetFault(at: number, why: string, hint: string = targetHint): AppError {
  return new AppError('bad-target', `Column ${at + 1} of the target: ${why}.`, { hint })
}

const targetHint =
  'Name hosts as web-1, web-[1-3], web-*, @group or @tag:value; join them by "," and take out with "!".'
