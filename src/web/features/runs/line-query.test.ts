import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLineMatch } from '../../../core/search/match-lines.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import { searchFieldsSchema, toSearchQuery } from '../../../shared/search-query.ts'
import type { TextTerm } from '../../../shared/text-term.ts'
import { lineQuery } from './line-query.ts'
import type { FilterRule } from './view-state.ts'

const tasks = ['web-1', 'web-2', 'db-1'].map((host, id) => ({ id, host }))
const start = Date.parse('2026-11-29T10:00:00.000Z')

const termArb: fc.Arbitrary<TextTerm> = fc.record({
  text: fc.constantFrom('a', 'A', 'ab', '.', 'É', 'error'),
  isRegex: fc.constant(false),
  caseRule: fc.constantFrom('smart' as const, 'sensitive' as const, 'insensitive' as const),
  isInverse: fc.boolean(),
})
const timeArb = fc.option(
  fc.integer({ min: -2, max: 5 }).map((seconds) => new Date(start + seconds * 1_000).toISOString()),
)
const ruleArb: fc.Arbitrary<FilterRule> = fc.oneof(
  fc.record({
    kind: fc.constant('hosts' as const),
    hosts: fc.subarray(['web-1', 'db-1', 'gone'], { minLength: 1 }),
    isInverse: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('channels' as const),
    channels: fc.subarray(['out', 'err', 'note'] as const, { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('levels' as const),
    levels: fc.subarray(['error', 'info', 'none'] as const, { minLength: 1 }),
  }),
  fc.record({ kind: fc.constant('text' as const), term: termArb }),
  fc.record({ kind: fc.constant('time' as const), since: timeArb, until: timeArb }),
)
const lineArb: fc.Arbitrary<WireLine> = fc.record({
  pos: fc.constant(7),
  task: fc.integer({ min: 0, max: 2 }),
  channel: fc.constantFrom('out' as const, 'err' as const, 'note' as const),
  time: fc.integer({ min: -3, max: 6 }).map((at) => new Date(start + at * 1_000).toISOString()),
  text: fc
    .array(fc.constantFrom('a', 'B', 'é', '[error] ', '\u001b[31m', '\r', 'level=info '))
    .map((parts) => parts.join('')),
})

describe('filters', () => {
  test('say of a line here what the server says of it', () => {
    const oneOfEach = fc.uniqueArray(ruleArb, { selector: ({ kind }) => kind, maxLength: 5 })
    fc.assert(
      fc.property(oneOfEach, fc.option(termArb), lineArb, (rules, search, line) => {
        const { fields, isWanted } = lineQuery(rules, tasks, search)
        const query = toSearchQuery(searchFieldsSchema.parse({ ...fields }))
        const group = {
          pos: line.pos,
          count: 1,
          task: line.task,
          channel: line.channel,
          time: Date.parse(line.time),
          bytes: new TextEncoder().encode(`${line.text}\n`),
          end: 'newline' as const,
        }
        const onServer = createLineMatch(query)(group).length === 1
        expect(isWanted(line)).toBe(onServer)
      }),
      { numRuns: 2_000 },
    )
  })

  test('leave to the server what could take for ever, and lines that came without their end', () => {
    const term: TextTerm = { text: '(a+)+$', isRegex: true, caseRule: 'smart', isInverse: false }
    const line: WireLine = { pos: 0, task: 0, channel: 'out', time: '', text: 'a', bytes: 300_000 }
    const slow = lineQuery([{ kind: 'text', term }], tasks)
    expect(slow.isWanted({ ...line, text: 'a'.repeat(100) })).toBeNull()
    expect(slow.slow?.texts).toHaveLength(1)
    const plain = lineQuery([], tasks, { ...term, text: 'b', isRegex: false })
    expect(plain.isWanted(line)).toBeNull()
  })
})
