/** What a schema finds wrong, in words: the end of a sentence, or all of it. */
import type { z } from 'zod'

/** One thing that a schema finds wrong. */
export type SchemaIssue = z.core.$ZodIssue

/** The whole of it, without the full stop: `The field "source.kind" must be one of …`. */
export function issueText(issue: SchemaIssue, noun: 'field' | 'parameter' = 'field'): string {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    const inside = issue.path.length === 0 ? 'here' : `in "${printable(pathText(issue))}"`
    return `The ${noun} "${printable(key)}" is not known ${inside}`
  }
  const name = pathText(issue)
  if (name === '') return 'This is not a list of fields with their values'
  return `The ${noun} "${printable(name)}" ${issueComplaint(issue)}`
}

/** The end of a sentence about the value. */
function issueComplaint(issue: z.core.$ZodIssue): string {
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

/** What a caller wrote, fit for a sentence. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD').slice(0, 60)
}

function pathText({ path }: z.core.$ZodIssue): string {
  return path.map(String).join('.')
}

function unionComplaint(issue: z.core.$ZodIssueInvalidUnion): string {
  const options = 'options' in issue ? issue.options : undefined
  return options === undefined
    ? 'is of no known kind'
    : `must be one of ${options.map(String).join(', ')}`
}
