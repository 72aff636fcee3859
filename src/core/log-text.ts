/** What the log of the process says of an error. */
import { type AppError, sentenceOf, toAppError } from '../shared/errors.ts'

/** What happened and what to do; of a fault of Farglass itself, of which viewers see no more, where it is. */
export function logText(error: AppError): string {
  if (error.code !== 'internal') return sentenceOf(error)
  const stacks = stacksOf(error.cause ?? error).join('\ncaused by: ')
  return `${error.message} Please report it.\n${stacks}`
}

/** Tells of a fault of Farglass itself; other errors are told to whom they happen. */
export function tellFault(say: (text: string) => void, where: string, thrown: unknown): void {
  const error = toAppError(thrown)
  if (error.code === 'internal') say(`${where}: ${logText(error)}`)
}

/** That of an error and those of its causes, as far as they are errors. */
function stacksOf(thrown: unknown, depth = 0): string[] {
  if (!(thrown instanceof Error)) return [String(thrown)]
  const isLast = thrown.cause === undefined || depth === depthMax
  return [thrown.stack ?? String(thrown), ...(isLast ? [] : stacksOf(thrown.cause, depth + 1))]
}

/** An error may be its own cause. */
const depthMax = 4
