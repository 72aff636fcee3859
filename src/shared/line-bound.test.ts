import { describe, expect, it } from 'vitest'
import { compileForLines } from './line-bound.ts'

const bound = (text: string) =>
  compileForLines({ text, isRegex: true, ignoresCase: false })?.source ?? null

describe('a regular expression is written for many lines at once', () => {
  it.each([
    ['job \\d+77 in', 'job \\d+77 in'],
    ['a\\s+b', 'a[^\\S\\n]+b'],
    ['\\D', '[^\\d\\n]'],
    ['"[^"]*"', '"[^\\n"]*"'],
    ['[^-a]', '[^\\n\\-a]'],
    ['[^]', '[^\\n]'],
    ['[a-z\\d.]\\[', '[a-z\\d.]\\['],
    ['a(?=b)', 'a(?=b)'],
  ])('%s', (text, source) => {
    expect(bound(text)).toBe(source)
  })

  it.each(['a(?!b)', '(?<!a)b', '[\\s\\S]*b', '\\n', '\\x0a', '\\p{Cc}', '[\\D]', '[\t-z]'])(
    'but not %s, which could see another line or run through all of them',
    (text) => {
      expect(bound(text)).toBeNull()
    },
  )

  it('finds the next line that may match, whatever lies between', () => {
    const regex = compileForLines({ text: '^b.*\\s?$', isRegex: true, ignoresCase: true })
    expect(regex?.exec('ab\n\nB c\nb')?.index).toBe(4)
  })
})
