import { describe, expect, test } from 'vitest'
import { anyLine, searchFieldsSchema, toSearchQuery } from './search-query.ts'

const parse = (fields: object) => toSearchQuery(searchFieldsSchema.parse(fields))

describe('a search query', () => {
  test('without fields takes every line', () => {
    expect(parse({})).toEqual(anyLine)
    expect(parse({ q: '' })).toEqual(anyLine)
  })

  test('is made of its fields', () => {
    const query = parse({
      q: 'Gone',
      invert: 'true',
      text: 'nr:^a\n:b',
      channel: 'out,err',
      host: 'web-1,web-2',
      task: '0,12',
      level: 'error,none',
      since: '2026-01-31T12:00:00Z',
      until: '2026-01-31T14:00:00+01:00',
      from: '10',
      to: '20',
    })
    expect(query).toEqual({
      texts: [
        { pattern: { text: 'Gone', isRegex: false, ignoresCase: false }, isInverse: true },
        { pattern: { text: '^a', isRegex: true, ignoresCase: true }, isInverse: true },
        { pattern: { text: 'b', isRegex: false, ignoresCase: true }, isInverse: false },
      ],
      channels: ['out', 'err'],
      hosts: ['web-1', 'web-2'],
      tasks: [0, 12],
      levels: ['error', 'none'],
      since: 1_769_860_800_000,
      until: 1_769_864_400_000,
      from: 10,
      to: 20,
    })
    expect(parse({ q: 'gone' }).texts[0]?.pattern.ignoresCase).toBe(true)
    expect(parse({ q: 'gone', case: 'sensitive' }).texts[0]?.pattern.ignoresCase).toBe(false)
    expect(parse({ q: 'Gone', case: 'insensitive' }).texts[0]?.pattern.ignoresCase).toBe(true)
  })

  test.each([
    [{ channel: 'out,in' }, 'must be of out, err, note'],
    [{ level: 'bad' }, 'must be of error, warn, info, debug, none'],
    [{ since: 'yesterday' }, 'is no time'],
    [{ task: '1,x' }, 'must be numbers'],
    [{ regex: 'yes' }, 'Invalid option'],
    [{ query: 'x' }, 'Unrecognized key'],
    [{ q: 'x'.repeat(1_001) }, 'Too big'],
    [{ text: ':a\ngone' }, 'must be of lines as'],
    [{ text: 'r:(' }, 'not a regular expression'],
    [{ text: Array.from({ length: 17 }, () => ':a').join('\n') }, 'at most 16'],
    [{ from: '-1' }, 'is not a whole number'],
    [{ q: '(', regex: 'true' }, 'not a regular expression'],
    [{ q: 'a\nb' }, 'of one line'],
  ])('with %j is refused', (fields, why) => {
    expect(() => parse(fields)).toThrow(why)
  })
})
