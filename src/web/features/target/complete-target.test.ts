import { expect, test } from 'vitest'
import { optionsFor, wordAt } from './complete-target.ts'

const host = (name: string, groups: readonly string[], ...tags: readonly string[]) => ({
  name,
  groups,
  tags,
})
const hosts = [
  host('web-1', ['web'], 'env:prod'),
  host('web-2', ['web'], 'env:prod'),
  host('web-3', ['web'], 'env:test'),
  host('db-1', ['db'], 'env:prod'),
  host('my-web', []),
]
const textsFor = (typed: string) =>
  optionsFor(typed, hosts).map(({ text, count }) => `${text} ${count}`)

test.each([
  ['web-1,db', 8, 'db'],
  ['web-[1,2],@we', 13, '@we'],
  ['@web&!db', 8, 'db'],
  ['web-[1', 6, 'web-[1'],
  ['ab,cd', 2, 'ab'],
])('in "%s" the word at %d is "%s"', (text, caret, typed) => {
  expect(wordAt(text, caret).typed).toBe(typed)
})

test('hosts that differ in a number are offered as a set, then one by one, then others that hold the text', () => {
  expect(textsFor('web')).toEqual(['web-[1-3] 3', 'web-1 1', 'web-2 1', 'web-3 1', 'my-web 1'])
  expect(textsFor('deploy@db')).toEqual(['deploy@db-1 1'])
})

test('groups, tags and all hosts are offered after @, each with how many hosts it names', () => {
  expect(textsFor('@')).toEqual(['@db 1', '@web 3', '@env:prod 3', '@env:test 1', '@* 5'])
  expect(textsFor('@env:p')).toEqual(['@env:prod 3'])
})

test('what is complete already is not offered', () => {
  expect(textsFor('db-1')).toEqual([])
})
