import { expect, test } from 'vitest'
import { targetOptions } from './complete-target.ts'

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
  targetOptions(typed, typed.length, hosts).options.map((one) => `${one.text} ${one.hosts}`)

test('hosts that differ in a number are offered as a set before each of them', () => {
  expect(textsFor('web')).toEqual([
    '@web 3',
    'web-[1-3] 3',
    'web-1 1',
    'web-2 1',
    'web-3 1',
    'my-web 1',
  ])
  expect(textsFor('deploy@web')).toContain('deploy@web-[1-3] 3')
})

test('groups, tags and all hosts are offered after @, and what is complete already is not', () => {
  expect(textsFor('@')).toEqual(['@* 5', '@db 1', '@web 3', '@env:prod 3', '@env:test 1'])
  expect(textsFor('db-1')).toEqual([])
})
