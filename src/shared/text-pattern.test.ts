import { describe, expect, test } from 'vitest'
import { compilePattern, ignoresCaseOf } from './text-pattern.ts'

describe('smart case', () => {
  test.each([
    ['error', false, true],
    ['Error', false, false],
    [String.raw`\S+ error`, true, true],
    [String.raw`\p{Lu}x`, true, true],
    [String.raw`\S+ Error`, true, false],
    [String.raw`\S`, false, false],
    ['42', false, true],
  ])('%s as regex: %s, ignores case: %s', (text, isRegex, expected) => {
    expect(ignoresCaseOf(text, isRegex)).toBe(expected)
  })
})

describe('a pattern', () => {
  test.each(['a.b', '(', '[x]', 'a+b', '^$', String.raw`\d`, '{1}', 'a|b', '/'])(
    'of plain text finds %s and takes no sign in it for more',
    (text) => {
      const regex = compilePattern({ text, isRegex: false, ignoresCase: false })
      expect(`before ${text} after`.search(regex)).toBe(7)
      expect(regex.test('nothing like it')).toBe(false)
    },
  )

  test('knows letters of all scripts, and takes what is only allowed loosely', () => {
    const find = (text: string) => compilePattern({ text, isRegex: true, ignoresCase: true })
    expect(find(String.raw`^\p{L}+$`).test('naïveté')).toBe(true)
    expect(find(String.raw`\-x{`).test('-x{')).toBe(true)
  })

  test('that is none is refused in a sentence', () => {
    const compile = () => compilePattern({ text: '(a', isRegex: true, ignoresCase: false })
    expect(compile).toThrow('"(a" is not a regular expression: Unterminated group.')
    expect(compile).toThrow(expect.objectContaining({ code: 'bad-pattern', status: 400 }))
  })
})
