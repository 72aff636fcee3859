import { describe, expect, test } from 'vitest'
import { type Rankable, rank } from './rank.ts'

const entry = (group: string, text: string): Rankable => ({ group, text })
const entries = [
  entry('hosts', 'db-01'),
  entry('hosts', 'web-db'),
  entry('actions', 'Wrap long lines'),
  entry('actions', 'Copy the link to the selected line'),
  entry('runs', 'pg_db_size'),
  entry('runs', 'tail -F /var/log/adb.log'),
  entry('runs', 'db'),
]
const texts = (typed: string, most = 10): string[] =>
  rank(entries, typed, most).flatMap(({ ranked }) => ranked.map((each) => each.entry.text))

describe('what fits best comes first', () => {
  test('with nothing typed everything stays in its order, by group', () => {
    expect(texts('')).toEqual(entries.map((each) => each.text))
    expect(rank(entries, '', 10).map(({ group }) => group)).toEqual(['hosts', 'actions', 'runs'])
  })

  test('the whole text, its beginning, the start of a word, the inside of one', () => {
    expect(texts('db')).toEqual(['db', 'pg_db_size', 'tail -F /var/log/adb.log', 'db-01', 'web-db'])
  })

  test('first letters find an action, and all typed words must be found', () => {
    expect(texts('wll')).toEqual(['Wrap long lines'])
    expect(texts('line copy')).toEqual(['Copy the link to the selected line'])
    expect(texts('line nothing')).toEqual([])
  })

  test('capital letters do not matter', () => {
    expect(texts('WRAP')).toEqual(['Wrap long lines'])
  })

  test('what is not listed is counted', () => {
    const [first] = rank(entries, 'db', 1)
    expect([first?.group, first?.count, first?.ranked.length]).toEqual(['runs', 3, 1])
  })

  test.each([
    ['db', [entry('x', 'pg_db_size')], [[3, 5]]],
    ['long lo', [entry('x', 'Wrap long lines')], [[5, 9]]],
    [
      'wll',
      [entry('x', 'Wrap long lines')],
      [
        [0, 1],
        [5, 6],
        [10, 11],
      ],
    ],
    [
      'lines wrap',
      [entry('x', 'Wrap long lines')],
      [
        [0, 4],
        [10, 15],
      ],
    ],
  ])('"%s" is marked where it stands', (typed, among, marks) => {
    expect(rank(among, typed, 1)[0]?.ranked[0]?.marks).toEqual(marks)
  })
})
