import { describe, expect, test } from 'vitest'
import { lineFilterOf, partsOf, searchQueryOf, searchTextOf } from './search-text.ts'

describe('a search inside all runs', () => {
  test.each(['', '?q=time+out', '?q=a%26b&regex=true&case=sensitive'])(
    'the address "%s" asks the same again',
    (query) => {
      expect(searchQueryOf(searchTextOf(query))).toBe(query)
    },
  )

  test('each run is asked in the words of its own search', () => {
    const asked = lineFilterOf(searchTextOf('?q=x&regex=true&case=sensitive'))
    expect(asked).toEqual({ q: 'x', regex: 'true', case: 'sensitive' })
    expect(lineFilterOf(searchTextOf('?q=x'))).toEqual({ q: 'x' })
  })

  const shown = (line: string, query: string): string =>
    partsOf(line, searchTextOf(query))
      .map(({ text, isMatch }) => (isMatch ? `[${text}]` : text))
      .join('')

  test('what was looked for is set off in the line', () => {
    expect(shown('Time out: time OUT', '?q=time+out')).toBe('[Time out]: [time OUT]')
    expect(shown('Time out: time OUT', '?q=Time')).toBe('[Time] out: time OUT')
    expect(shown('Time out', '?q=time&case=sensitive')).toBe('Time out')
    expect(shown('aaaa', '?q=aa')).toBe('[aa][aa]')
    expect(shown('T.*', '?q=t.*&regex=true')).toBe('T.*')
    expect(shown('İİ x', '?q=x')).toBe('İİ x')
  })

  test('a long line is cut around its first match', () => {
    const line = `${'a'.repeat(900)}needle${'b'.repeat(900)}`
    const text = shown(line, '?q=needle')
    expect(text).toMatch(/^…a{60}\[needle\]b+…$/)
    expect(text.length).toBeLessThan(420)
  })
})
