/** What a worker is asked of regular expressions, and answers: plain data. */
import type { TextRules } from '../../../shared/line-test.ts'
import type { TextPattern } from '../../../shared/text-pattern.ts'

export type PatternQuestion = { readonly texts: readonly string[] } & (
  | { readonly kind: 'places'; readonly pattern: TextPattern }
  | { readonly kind: 'lines'; readonly rules: TextRules }
)

export interface AskedQuestion {
  /** From 1: a worker says 0 when it has started. */
  readonly id: number
  readonly question: PatternQuestion
}

export interface PatternAnswer<Answer> {
  readonly id: number
  readonly answer: Answer
}
