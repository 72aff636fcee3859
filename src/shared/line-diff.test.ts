import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DiffRow, diffLines } from './line-diff.ts'

const lettered = (text: string): string[] => text.split('')
const textOf = ({ parts }: DiffRow): string => parts.map(({ text }) => text).join('')

test('a change stands with three lines around it, numbered on both sides', () => {
  const before = lettered('abcdefghij')
  const after = lettered('abcdEfghij')
  expect(diffLines(before, after)).toEqual({
    isCoarse: false,
    hunks: [
      {
        oldFrom: 2,
        oldCount: 7,
        newFrom: 2,
        newCount: 7,
        rows: ['b', 'c', 'd', '-e', '+E', 'f', 'g', 'h'].map((text) => ({
          kind: text.startsWith('-') ? 'removed' : text.startsWith('+') ? 'added' : 'same',
          parts: [{ text: text.replace(/^[-+]/, ''), isChanged: false }],
        })),
      },
    ],
  })
})

test('the changed words of a pair of lines are marked, and of lines with nothing in common none', () => {
  const before = ['Filesystem  Size  Used', '/dev/sda1   40G    9G', 'apples']
  const after = ['Filesystem  Size  Used', '/dev/sda1   40G   39G', 'entirely different']
  const rows = diffLines(before, after).hunks[0]?.rows ?? []
  expect(rows.map(({ kind, parts }) => [kind, parts.filter((part) => part.isChanged)])).toEqual([
    ['same', []],
    ['removed', [{ text: '9G', isChanged: true }]],
    ['removed', []],
    ['added', [{ text: '39G', isChanged: true }]],
    ['added', []],
  ])
})

test('blanks are marked where nothing else differs', () => {
  const [, added] = diffLines(['a b c d'], ['a  b c d']).hunks[0]?.rows ?? []
  expect(added?.parts.filter((part) => part.isChanged)).toEqual([{ text: '  ', isChanged: true }])
})

test('outputs with nothing in common are one hunk, soon found', () => {
  const before = Array.from({ length: 9_000 }, (_, at) => `before ${at}`)
  const after = Array.from({ length: 9_000 }, (_, at) => `after ${at}`)
  const diff = diffLines(['first', ...before, 'last'], ['first', ...after, 'last'])
  expect(diff.isCoarse).toBe(true)
  expect(
    diff.hunks.map(({ oldFrom, oldCount, newCount }) => [oldFrom, oldCount, newCount]),
  ).toEqual([[1, 9_002, 9_002]])
})

test('the hunks make one output out of the other, whatever they are', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c d', 'c e'), { maxLength: 30 })
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const made: string[] = []
      let at = 0
      for (const { oldFrom, oldCount, newFrom, newCount, rows } of diffLines(before, after).hunks) {
        made.push(...before.slice(at, oldFrom - 1))
        expect(made.length).toBe(newFrom - 1)
        const old = rows.filter(({ kind }) => kind !== 'added').map(textOf)
        expect(old).toEqual(before.slice(oldFrom - 1, oldFrom - 1 + oldCount))
        made.push(...rows.filter(({ kind }) => kind !== 'removed').map(textOf))
        expect(made.length).toBe(newFrom - 1 + newCount)
        at = oldFrom - 1 + oldCount
      }
      made.push(...before.slice(at))
      expect(made).toEqual(after)
    }),
    { numRuns: 500 },
  )
})
