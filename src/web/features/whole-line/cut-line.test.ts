import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowStarts } from './cut-line.ts'

const rowsOf = (text: string, columns: number): string[] => {
  const starts = rowStarts(text, columns)
  return starts.map((start, at) => text.slice(start, starts[at + 1]))
}

test.each([
  ['abcdef', 4, ['abcd', 'ef']],
  ['abcd', 4, ['abcd']],
  ['', 4, ['']],
  ['a查询b', 4, ['a查', '询b']],
  ['😀😀😀', 4, ['😀😀', '😀']],
  ['a\tb\tc', 9, ['a\tb', '\tc']],
])('%j in rows of %i cells', (text, columns, rows) => {
  expect(rowsOf(text, columns)).toEqual(rows)
})

test('no character is lost or cut, whatever the text and the width', () => {
  const unit = fc.constantFrom('a', ' ', '\t', 'e\u0301', '查', '😀', '\u{10ffff}')
  const text = fc.string({ unit, maxLength: 120 })
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 40 }), (line, columns) => {
      const rows = rowsOf(line, columns)
      expect(rows.join('')).toBe(line)
      for (const row of rows) {
        const characters = Array.from(row)
        expect(characters.length).toBeLessThanOrEqual(columns)
        // Half of a pair would stand alone at an edge.
        expect(row.isWellFormed()).toBe(true)
      }
    }),
  )
})
