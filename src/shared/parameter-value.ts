/** Whether a value that somebody gives to a parameter is one of it: the same for page, terminal and engine. */
import { limits } from './limits.ts'
import type { ChoiceParameter, NumberParameter, Parameter, TextParameter } from './saved-command.ts'

/** Whether the whole text matches the regular expression. May throw for one that takes too long. */
export type MatchesWhole = (pattern: string, text: string) => boolean

/** The end of a sentence about what is wrong with the value, or undefined. Never holds the value of a secret. */
export function valueComplaint(
  parameter: Parameter,
  value: string,
  matches: MatchesWhole,
): string | undefined {
  return plainComplaint(value) ?? kindComplaint(parameter, value, matches)
}

/** What no environment variable can hold, or what would reach the host as another text. */
function plainComplaint(value: string): string | undefined {
  if (value.includes('\0')) return 'holds a NUL'
  if (/\p{Surrogate}/u.test(value)) return 'holds half of a surrogate pair, which is no character'
  return value.length > limits.parameterCharsMax
    ? `is longer than ${limits.parameterCharsMax} characters`
    : undefined
}

function kindComplaint(
  parameter: Parameter,
  value: string,
  matches: MatchesWhole,
): string | undefined {
  switch (parameter.kind) {
    case 'text':
      return textComplaint(parameter, value, matches)
    case 'choice':
      return choiceComplaint(parameter, value)
    case 'number':
      return numberComplaint(parameter, value)
    case 'secret':
      return value === '' ? 'is empty' : undefined
    case 'per-host':
      return undefined
  }
}

function textComplaint(
  { pattern, minLength = 0, maxLength = limits.parameterCharsMax }: TextParameter,
  value: string,
  matches: MatchesWhole,
): string | undefined {
  // As people count them, not as UTF-16 does.
  const length = Array.from(value).length
  if (length < minLength) {
    return length === 0 ? 'is empty' : `is shorter than ${minLength} characters`
  }
  if (length > maxLength) return `is longer than ${maxLength} characters`
  if (pattern === undefined || matches(pattern, value)) return undefined
  return `does not match ${pattern}`
}

function choiceComplaint({ choices }: ChoiceParameter, value: string): string | undefined {
  return choices.includes(value) ? undefined : `is not one of ${choices.join(', ')}`
}

/** As programs read it everywhere: no blank, no exponent, no hexadecimal. */
const decimal = /^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$/

function numberComplaint(
  { min, max, integer }: NumberParameter,
  value: string,
): string | undefined {
  if (!decimal.test(value)) return 'is not a number'
  const number = Number(value)
  if (integer === true && !Number.isInteger(number)) return 'is not a whole number'
  if (min !== undefined && number < min) return `is less than ${min}`
  if (max !== undefined && number > max) return `is more than ${max}`
  return undefined
}

/** For where nobody else waits: the page of who types it. */
export function matchesWhole(pattern: string, text: string): boolean {
  return wholePattern(pattern).test(text)
}

/** Throws a SyntaxError for what is no regular expression. */
export function wholePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, 'u')
}
