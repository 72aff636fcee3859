/** Whether one line, as it is shown, is what somebody looks for: the same on the server and on the page. */
import type { Level } from './level.ts'
import { levelOf } from './line-level.ts'
import { compilePattern, type TextPattern } from './text-pattern.ts'

/** Lines that have a text, or that do not. */
export interface TextCondition {
  readonly pattern: TextPattern
  readonly isInverse: boolean
}

export interface TextRules {
  /** All of them must hold. */
  readonly texts: readonly TextCondition[]
  /** Null: any. */
  readonly levels: readonly (Level | 'none')[] | null
}

/** A test of `visibleText`; null when every text passes. Throws `bad-pattern`. */
export function createTextTest({ texts, levels }: TextRules): ((text: string) => boolean) | null {
  const conditions = texts.map(({ pattern, isInverse }) => {
    const place = compilePattern(pattern)
    return (text: string): boolean => {
      place.lastIndex = 0
      return place.test(text) !== isInverse
    }
  })
  if (conditions.length === 0 && levels === null) return null
  return (text) =>
    conditions.every((isMet) => isMet(text)) &&
    (levels === null || levels.includes(levelOf(text)?.level ?? 'none'))
}
