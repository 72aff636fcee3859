/** Checks requests against their zod schemas and words what is wrong as a sentence with a code. */
import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { AppError, type ErrorCode } from '../shared/errors.ts'
import { issueText } from '../shared/issue-text.ts'

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
  const isKey = issue.code === 'unrecognized_keys'
  if (name === '' && !isKey) return new AppError('bad-request', 'The body must be a JSON object.')
  return new AppError(isKey ? 'bad-request' : codeOf(name), `${issueText(issue, noun)}.`)
}

function codeOf(name: string): ErrorCode {
  if (name === 'command' || name === 'source.command') return 'bad-command'
  if (/^source\.(?:paths|unit|name|lines)\b/.test(name)) return 'bad-source'
  if (/^secrets\b/.test(name)) return 'bad-secret'
  if (name === 'target' || name === 'host') return 'bad-target'
  if (name === 'from') return 'bad-cursor'
  return 'bad-request'
}
