/** Checks requests against their zod schemas and words what is wrong as a sentence with a code. */
import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { AppError, type ErrorCode } from '../shared/errors.ts'

/** For Fastify: the checked value, or an AppError that names the field. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  return (data: unknown) => {
    const result = schema.safeParse(data)
    if (result.success) return { value: result.data }
    return { error: badRequest(result.error, httpPart === 'body' ? 'field' : 'parameter') }
  }
}

/** The first thing that is wrong, in words. */
function badRequest(error: z.ZodError, noun: 'field' | 'parameter'): AppError {
  const [issue] = error.issues
  if (issue === undefined) return new AppError('bad-request', 'The request is not valid.')
  const name = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    return new AppError('bad-request', `The ${noun} "${printable(key)}" is not known here.`)
  }
  if (name === '') return new AppError('bad-request', 'The body must be a JSON object.')
  return new AppError(codeOf(name), `The ${noun} "${printable(name)}" ${complaint(issue)}.`)
}

function codeOf(name: string): ErrorCode {
  if (name === 'command' || name === 'source.command') return 'bad-command'
  if (/^source\.(?:paths|unit|name|lines)\b/.test(name)) return 'bad-source'
  if (name === 'target' || name === 'host') return 'bad-target'
  if (name === 'from') return 'bad-cursor'
  return 'bad-request'
}

function complaint(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    // zod leaves the value out; only its message tells a missing field from a wrong one.
    const missing = issue.message.endsWith('received undefined')
    return missing ? 'is missing' : `must be of type ${issue.expected}`
  }
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'invalid_union') return unionComplaint(issue)
  if (issue.code === 'too_big') {
    if (issue.origin === 'array') return `has more than ${issue.maximum} entries`
    const characters = issue.origin === 'string' ? ' characters' : ''
    return `is more than ${issue.maximum}${characters}`
  }
  // Our own schemas word the rest as the end of a sentence.
  return issue.message
}

function unionComplaint(issue: z.core.$ZodIssueInvalidUnion): string {
  const options = 'options' in issue ? issue.options : undefined
  return options === undefined
    ? 'is of no known kind'
    : `must be one of ${options.map(String).join(', ')}`
}

/** What a caller wrote, fit for a sentence. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD').slice(0, 60)
}
