/** What is looked for in a run: conditions on its lines, all of which must hold. Parsed at the edge. */
import { z } from 'zod'
import { type Channel, channels } from './channel.ts'
import { AppError } from './errors.ts'
import { type Level, levels } from './level.ts'
import { limits } from './limits.ts'
import type { TextCondition } from './line-test.ts'
import { cursorSchema } from './protocol/requests.ts'
import { compilePattern } from './text-pattern.ts'
import { parseTerms, patternOfTerm, type TextTerm } from './text-term.ts'
import { parseTime } from './time.ts'

export interface SearchQuery {
  /** None: lines with any text. */
  readonly texts: readonly TextCondition[]
  /** In these lists null means: any. */
  readonly channels: readonly Channel[] | null
  readonly hosts: readonly string[] | null
  readonly tasks: readonly number[] | null
  readonly levels: readonly (Level | 'none')[] | null
  /** Arrival in milliseconds since 1970: from the one on, before the other. */
  readonly since: number | null
  readonly until: number | null
  /** Positions: from the one on, before the other. */
  readonly from: number
  readonly to: number
}

/** Every line. */
export const anyLine: SearchQuery = {
  texts: [],
  channels: null,
  hosts: null,
  tasks: null,
  levels: null,
  since: null,
  until: null,
  from: 0,
  to: Number.MAX_SAFE_INTEGER,
}

const levelNames = [...levels, 'none'] as const

/** Text of several words of a closed list, joined by commas. */
export function listOf<T extends string>(words: readonly T[]) {
  return z
    .string()
    .max(200)
    .transform((text, context): T[] => {
      const found = text.split(',').map((word) => words.find((each) => each === word))
      const known = found.filter((word) => word !== undefined)
      if (known.length === found.length) return known
      context.addIssue({
        code: 'custom',
        message: `must be of ${words.join(', ')}, joined by commas`,
      })
      return z.NEVER
    })
    .meta({ type: 'string' })
}

const flag = z.enum(['true', 'false']).optional()
const time = z.iso.datetime({ offset: true, error: 'is no time as 2026-01-31T12:00:00Z' })
const termsSchema = z
  .string()
  .max(limits.searchTextsMax * limits.searchTextCharsMax)
  .transform((written, context): readonly TextTerm[] => {
    const terms = parseTerms(written)
    if (terms !== null && terms.length <= limits.searchTextsMax) return terms
    const message = `must be of lines as "n:gone", at most ${limits.searchTextsMax}`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
  .meta({ type: 'string' })
const position = cursorSchema.optional().meta({ type: 'integer', minimum: 0 })

/** The query as fields of an address. Each is a text; those that are left out take every line. */
export const searchFields = {
  q: z
    .string()
    .max(limits.searchTextCharsMax)
    .optional()
    .describe('text in the line, as it is shown'),
  regex: flag.describe('`q` is a regular expression of JavaScript'),
  case: z
    .enum(['smart', 'sensitive', 'insensitive'])
    .optional()
    .describe('`smart` without it: capital letters count when `q` has any'),
  invert: flag.describe('lines without `q`'),
  text: termsSchema
    .optional()
    .describe(
      'further texts, one per line: flags, a colon and the text; `n` not, `r` a regular expression, `c` case counts, `i` it does not',
    ),
  channel: listOf(channels).optional().describe('of these channels, joined by commas'),
  host: z
    .string()
    .min(1, 'is empty')
    .max(limits.targetCharsMax)
    .optional()
    .describe('of these hosts, joined by commas'),
  task: z
    .string()
    .regex(/^[0-9]{1,6}(?:,[0-9]{1,6})*$/, 'must be numbers joined by commas')
    .max(limits.targetCharsMax)
    .optional()
    .describe('of these tasks, joined by commas'),
  level: listOf(levelNames)
    .optional()
    .describe('of these levels, joined by commas; `none`: says none'),
  since: time.optional().describe('that arrived at this time or later'),
  until: time.optional().describe('that arrived before this time'),
  from: position.describe('from this position on'),
  to: position.describe('before this position'),
}

/** Checks all fields together, for those who have no route that does. */
export const searchFieldsSchema = z.strictObject(searchFields)

/** The fields as they are written, for who asks. */
export type SearchFields = z.input<typeof searchFieldsSchema>

/** The checked fields as a query. Throws `bad-pattern`. */
export function toSearchQuery(fields: z.output<typeof searchFieldsSchema>): SearchQuery {
  return {
    texts: [...searchedText(fields), ...(fields.text ?? [])].map(toCondition),
    channels: fields.channel ?? null,
    hosts: fields.host?.split(',') ?? null,
    tasks: fields.task?.split(',').map(Number) ?? null,
    levels: fields.level ?? null,
    since: fields.since === undefined ? null : parseTime(fields.since),
    until: fields.until === undefined ? null : parseTime(fields.until),
    from: fields.from ?? 0,
    to: fields.to ?? Number.MAX_SAFE_INTEGER,
  }
}

function searchedText(fields: z.output<typeof searchFieldsSchema>): readonly TextTerm[] {
  const text = fields.q ?? ''
  if (text === '') return []
  if (/[\n\r]/.test(text)) {
    throw new AppError('bad-pattern', 'A search text is of one line, and this one has several.')
  }
  const caseRule = fields.case ?? 'smart'
  return [{ text, caseRule, isRegex: fields.regex === 'true', isInverse: fields.invert === 'true' }]
}

function toCondition(term: TextTerm): TextCondition {
  const pattern = patternOfTerm(term)
  compilePattern(pattern)
  return { pattern, isInverse: term.isInverse }
}
