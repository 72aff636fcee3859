import { describe, expect, test } from 'vitest'
import { parseTerm, patternOfTerm, printTerm, type TextTerm } from './text-term.ts'

const term: TextTerm = { text: 'gone', isRegex: false, caseRule: 'smart', isInverse: false }

describe('a condition on the text of a line', () => {
  test.each<[string, Partial<TextTerm>]>([
    [':gone', {}],
    ['n:gone', { isInverse: true }],
    ['nrc:^GET /a:b', { text: '^GET /a:b', isInverse: true, isRegex: true, caseRule: 'sensitive' }],
    ['i:: ', { text: ': ', caseRule: 'insensitive' }],
    [':n:gone', { text: 'n:gone' }],
  ])('is written as %s, and read so', (written, parts) => {
    expect(printTerm({ ...term, ...parts })).toBe(written)
    expect(parseTerm(written)).toEqual({ ...term, ...parts })
  })

  test.each(['', 'gone', ':', 'x:gone', 'rn:gone', 'ci:gone', ':a\nb'])(
    'is not "%s"',
    (written) => {
      expect(parseTerm(written)).toBeNull()
    },
  )

  test('without a rule, capital letters count when it has any', () => {
    expect(patternOfTerm(term).ignoresCase).toBe(true)
    expect(patternOfTerm({ ...term, text: 'Gone' }).ignoresCase).toBe(false)
    expect(patternOfTerm({ ...term, text: 'Gone', caseRule: 'insensitive' }).ignoresCase).toBe(true)
    expect(patternOfTerm({ ...term, caseRule: 'sensitive' }).ignoresCase).toBe(false)
  })
})
