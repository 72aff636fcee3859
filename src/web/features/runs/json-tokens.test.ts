import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonTokens } from './json-tokens.ts'

describe('JSON in a line', () => {
  test('keys, texts and numbers are told apart', () => {
    const tokens = jsonTokens('{"level":"warn","attempt":2,"ok":true,"list":[null]}') ?? []
    const kinds = (kind: string) =>
      tokens.filter((token) => token.kind === kind).map(({ text }) => text)
    expect(kinds('key')).toEqual(['"level"', '"attempt"', '"ok"', '"list"'])
    expect(kinds('text')).toEqual(['"warn"'])
    expect(kinds('number')).toEqual(['2', 'true', 'null'])
  })

  test.each(['', 'plain', '{broken', '"text"', '12'])('%s is no JSON to show as a tree', (line) => {
    expect(jsonTokens(line)).toBeNull()
  })

  test('shows exactly what the line says', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())),
        (value) => {
          const line = JSON.stringify(value)
          const shown = (jsonTokens(line) ?? []).map(({ text }) => text).join('')
          expect(JSON.parse(shown)).toEqual(JSON.parse(line))
        },
      ),
    )
  })
})
