import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { visibleText } from '../../shared/display.ts'
import { type PlacedGroup, textsOf } from '../../shared/line-group.ts'
import { levelOf } from '../../shared/line-level.ts'
import { anyLine, type SearchQuery } from '../../shared/search-query.ts'
import type { TextPattern } from '../../shared/text-pattern.ts'
import { createLineMatch } from './match-lines.ts'
import { createMatch } from './matchers.ts'

function groupOf(text: string, more: Partial<PlacedGroup> = {}): PlacedGroup {
  const bytes = new TextEncoder().encode(text)
  const count = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  const end = text.endsWith('\n') ? 'newline' : 'unterminated'
  return { pos: 100, count, task: 0, channel: 'out', time: 1_000, bytes, end, ...more }
}

const plain = (text: string, ignoresCase = true) => ({ text, isRegex: false, ignoresCase })
const regex = (text: string) => ({ text, isRegex: true, ignoresCase: true })
const has = (pattern: TextPattern) => ({ pattern, isInverse: false })
const hasNot = (pattern: TextPattern) => ({ pattern, isInverse: true })
const found = (query: Partial<SearchQuery>, group: PlacedGroup) =>
  createLineMatch({ ...anyLine, ...query })(group)

describe('a line matches', () => {
  const group = groupOf('Alpha\nbeta beta\n\n\u001b[31mgam\u001b[0mma\nold\rdelta\nεψιλον')

  test.each([
    [plain('beta'), [1]],
    [plain('ALPHA', false), []],
    [plain('alpha'), [0]],
    [plain('gamma'), [3]],
    [plain('31m'), []],
    [plain('old'), []],
    [plain('delta'), [4]],
    [plain('ΕΨΙ'), [5]],
    [regex('^.?eta'), [1]],
    [regex('^$'), [2]],
    [regex('a$'), [0, 1, 3, 4]],
  ])('by what one sees of it: %j', (pattern, lines) => {
    expect(found({ texts: [has(pattern)] }, group)).toEqual(lines)
  })

  test('by not having the text', () => {
    expect(found({ texts: [hasNot(plain('a'))] }, group)).toEqual([2, 5])
  })

  test('by several texts at once', () => {
    const notFirst = hasNot(regex('^A'))
    expect(found({ texts: [has(plain('a')), notFirst] }, group)).toEqual([1, 3, 4])
    expect(found({ texts: [notFirst, has(plain('a')), has(regex('m+'))] }, group)).toEqual([3])
    expect(found({ texts: [has(plain('a')), has(plain('nowhere'))] }, group)).toEqual([])
  })

  test('by where and when it came', () => {
    expect(found({ channels: ['err'] }, group)).toEqual([])
    expect(found({ tasks: [0, 1] }, group)).toHaveLength(6)
    expect(found({ tasks: [] }, group)).toEqual([])
    expect(found({ since: 1_000, until: 1_001 }, group)).toHaveLength(6)
    expect(found({ until: 1_000 }, group)).toEqual([])
    expect(found({ from: 101, to: 103 }, group)).toEqual([1, 2])
    expect(found({ from: 101, to: 103, texts: [has(plain('a'))] }, group)).toEqual([1])
  })

  test('by its level', () => {
    const logs = groupOf('[error] a\n[warn] b\nc\n[ERROR] d\n')
    expect(found({ levels: ['error'] }, logs)).toEqual([0, 3])
    expect(found({ levels: ['warn', 'none'] }, logs)).toEqual([1, 2])
    expect(found({ levels: ['error'], texts: [has(plain('d'))] }, logs)).toEqual([3])
  })
})

const word = fc.constantFrom(
  'a',
  'b',
  'A',
  'ab',
  ' ',
  'é',
  'ſ',
  'K',
  '\r',
  '\u001b[1m',
  '\u009b',
  '[error]',
  '',
)
const textArb = fc
  .array(fc.oneof(word, fc.constant('\n')), { minLength: 1, maxLength: 30 })
  .map((parts) => parts.join(''))
/** What means something else when several lines are looked through at once. */
const expressions = [
  '^a',
  'b$',
  '^$',
  '^',
  'a\\s*',
  '\\s+b',
  '[^a]b',
  '[^-b]+',
  '[^]a',
  '\\D$',
  'a(?!b)',
  '(?<!a)b',
  'a(?=b|$)',
  '\\ba\\b',
  '\\Bb',
  '[\\s\\S]b',
  'a\\nb',
  '(a|b)\\1',
  '-|\\W',
]

const queryArb = fc.record({
  texts: fc.array(
    fc.record({
      pattern: fc.oneof(
        fc.record({
          text: fc.constantFrom('a', 'ab', 'é', 'k', 's', 'b a', 'A'),
          isRegex: fc.boolean(),
          ignoresCase: fc.boolean(),
        }),
        fc.record({
          text: fc.constantFrom(...expressions),
          isRegex: fc.constant(true),
          ignoresCase: fc.boolean(),
        }),
      ),
      isInverse: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  levels: fc.option(fc.subarray(['error', 'none'] as const)),
  from: fc.integer({ min: 95, max: 110 }),
  to: fc.integer({ min: 95, max: 130 }),
})

/** Line by line, with nothing that is there for speed. */
function naive(query: SearchQuery, group: PlacedGroup): number[] {
  return textsOf(group).flatMap((line, at) => {
    const text = visibleText(line)
    const pos = group.pos + at
    if (pos < query.from || pos >= query.to) return []
    if (query.levels !== null && !query.levels.includes(levelOf(text)?.level ?? 'none')) return []
    const isMet = query.texts.every(({ pattern, isInverse }) => {
      const flags = pattern.ignoresCase ? 'iu' : 'u'
      return new RegExp(pattern.text, flags).test(text) !== isInverse
    })
    return isMet ? [at] : []
  })
}

test('gives the same lines as looking at each of them would', () => {
  fc.assert(
    fc.property(textArb, queryArb, (text, part) => {
      const group = groupOf(text)
      const query: SearchQuery = { ...anyLine, ...part }
      expect(found(query, group)).toEqual(naive(query, group))
    }),
    { numRuns: 2_000 },
  )
})

test('gives back exactly the bytes of the matching lines, at their positions', () => {
  fc.assert(
    fc.property(textArb, queryArb, fc.nat(3), fc.nat(5), (text, part, skip, limit) => {
      const group = groupOf(text)
      const query: SearchQuery = { ...anyLine, ...part }
      const lines = naive(query, group)
      const matches = createMatch({ rules: query, axis: null })([group], { skip, limit })
      expect(matches.count).toBe(lines.length)
      const texts = textsOf(group)
      const expected = lines.slice(skip, skip + limit).map((at) => [100 + at, texts[at]])
      const given = matches.groups.flatMap((each) =>
        textsOf(each).map((line, at) => [each.pos + at, line]),
      )
      expect(given).toEqual(expected)
    }),
  )
})
