import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineFields, lineFieldsMax } from './line-fields.ts'

const rowsOf = (line: string) =>
  (lineFields(line) ?? []).map(({ depth, path, kind, value }) => [depth, path, kind, value])

describe('fields of a line', () => {
  test('JSON is a tree whose paths jq takes', () => {
    const line = '{"level":"warn","http":{"status":502,"a b":[true,null]},"n":"x\\n"}'
    expect(rowsOf(line)).toEqual([
      [0, '.level', 'text', 'warn'],
      [0, '.http', 'branch', '{"status":502,"a b":[true,null]}'],
      [1, '.http.status', 'number', '502'],
      [1, '.http["a b"]', 'branch', '[true,null]'],
      [2, '.http["a b"][0]', 'word', 'true'],
      [2, '.http["a b"][1]', 'word', 'null'],
      [0, '.n', 'text', 'x\n'],
    ])
    expect(rowsOf('[1]')).toEqual([[0, '.[0]', 'number', '1']])
  })

  test('logfmt is a list of its pairs, whatever stands between them', () => {
    const line = 'ts=2026-01-01 level=info msg="say \\"hi\\"" took=1.5 done'
    expect(rowsOf(line)).toEqual([
      [0, 'ts', 'text', '2026-01-01'],
      [0, 'level', 'text', 'info'],
      [0, 'msg', 'text', 'say "hi"'],
      [0, 'took', 'number', '1.5'],
    ])
  })

  test.each(['', 'plain', '{broken', '"text"', '12', '{}', 'x=1 in prose', 'a == b and c == d'])(
    '%j has none',
    (line) => {
      expect(lineFields(line)).toBeNull()
    },
  )

  test('lines with the same value are found by what the line itself says', () => {
    const foundOf = (line: string) => (lineFields(line) ?? []).map(({ found }) => found)
    expect(foundOf('{"a": 1,"b":["x"],"c":1.0}')).toEqual(['"a": 1', null, '"x"', '"c":1'])
    expect(foundOf('a="b c" d=e')).toEqual(['a="b c"', 'd=e'])
    expect(foundOf('{"a":1e2}')).toEqual([null])
  })

  test('never throws, gives each field a path of its own, finds only what is there, and has an end', () => {
    const line = fc.oneof(
      fc.string(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc
        .array(fc.tuple(fc.string(), fc.string()))
        .map((all) => all.map((one) => one.join('=')).join(' ')),
    )
    fc.assert(
      fc.property(line, (text) => {
        const fields = lineFields(text) ?? []
        expect(new Set(fields.map(({ path }) => path)).size).toBe(fields.length)
        for (const { found } of fields) if (found !== null) expect(text).toContain(found)
      }),
    )
    const many = JSON.stringify(Array.from({ length: lineFieldsMax + 9 }, () => 1))
    expect(lineFields(many)).toHaveLength(lineFieldsMax)
  })
})
