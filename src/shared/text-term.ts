/** One condition on the text of a line, and its written form as it stands in addresses. */
import { ignoresCaseOf, type TextPattern } from './text-pattern.ts'

/** `smart`: capital letters count when the text has any. */
export type CaseRule = 'smart' | 'sensitive' | 'insensitive'

export interface TextTerm {
  readonly text: string
  readonly isRegex: boolean
  readonly caseRule: CaseRule
  /** Lines in which the text is not found. */
  readonly isInverse: boolean
}

/** `:gone`; flags stand before the colon: `n` not, `r` a regular expression, `c` case counts, `i` it does not. */
export function printTerm({ text, isRegex, caseRule, isInverse }: TextTerm): string {
  const caseFlag = { smart: '', sensitive: 'c', insensitive: 'i' }[caseRule]
  return `${isInverse ? 'n' : ''}${isRegex ? 'r' : ''}${caseFlag}:${text}`
}

/** Null for what is not written so, or names no text. */
export function parseTerm(written: string): TextTerm | null {
  const [, flags, text] = /^(n?r?[ci]?):([^\n\r]+)$/.exec(written) ?? []
  if (flags === undefined || text === undefined) return null
  const insensitive = flags.includes('i') ? 'insensitive' : 'smart'
  return {
    text,
    isRegex: flags.includes('r'),
    caseRule: flags.includes('c') ? 'sensitive' : insensitive,
    isInverse: flags.includes('n'),
  }
}

/** Several as one text, a line each. */
export function printTerms(terms: readonly TextTerm[]): string {
  return terms.map(printTerm).join('\n')
}

/** Null when one of them is not written so. */
export function parseTerms(written: string): readonly TextTerm[] | null {
  const terms = written.split('\n').map(parseTerm)
  const known = terms.filter((term) => term !== null)
  return known.length === terms.length ? known : null
}

/** What is looked for. */
export function patternOfTerm({
  text,
  isRegex,
  caseRule,
}: Omit<TextTerm, 'isInverse'>): TextPattern {
  const isSmart = caseRule === 'smart' && ignoresCaseOf(text, isRegex)
  return { text, isRegex, ignoresCase: caseRule === 'insensitive' || isSmart }
}
