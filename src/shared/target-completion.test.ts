import { describe, expect, test } from 'vitest'
import { completeTarget } from './target-completion.ts'

const host = (name: string, groups: readonly string[], tags: readonly string[] = []) => ({
  name,
  groups,
  tags,
})
const inventory = {
  hosts: [
    host('web-10', ['web', 'prod'], ['env:prod']),
    host('web-2', ['web'], ['env:test']),
    host('db-web', ['db', 'prod']),
  ],
}

/** `|` is the cursor. Gives the replaced part and the candidates. */
function complete(marked: string): string {
  const cursor = marked.indexOf('|')
  const text = marked.replace('|', '')
  const { from, to, candidates } = completeTarget(text, cursor, inventory)
  return `${text.slice(from, to)}: ${candidates.map((one) => one.text).join(' ')}`
}

describe('what goes on in a target', () => {
  test.each([
    ['|', ': @* @db @prod @web @env:prod @env:test db-web web-2 web-10'],
    ['w|', 'w: @web web-2 web-10 db-web'],
    ['@|', '@: @* @db @prod @web @env:prod @env:test'],
    ['@p|', '@p: @prod'],
    ['@env:p|', '@env:p: @env:prod'],
    ['@web!w|', 'w: web-2 web-10 db-web'],
    ['@web & |', ': @* @db @prod @env:prod @env:test db-web web-2 web-10'],
    ['we|b,web-2', 'web: @web web-10 db-web'],
    ['web-2,w|', 'w: @web web-10 db-web'],
    ['deploy@w|', 'deploy@w: deploy@web-2 deploy@web-10'],
    ['deploy@@e|', 'deploy@@e: deploy@@env:prod deploy@@env:test'],
    ['web-[1,|', 'web-[1,: '],
    ['web-[1-3],d|', 'd: @db db-web'],
    ['nothing-like-it|', 'nothing-like-it: '],
  ])('%s', (marked, found) => {
    expect(complete(marked)).toBe(found)
  })

  test('says how many hosts each names', () => {
    const { candidates } = completeTarget('@', 1, inventory)
    expect(candidates.slice(0, 3).map(({ kind, hosts }) => [kind, hosts])).toEqual([
      ['all', 3],
      ['group', 1],
      ['group', 2],
    ])
    expect(completeTarget('', 0, { hosts: [] }).candidates).toEqual([])
  })
})
