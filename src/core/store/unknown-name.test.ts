import { expect, test } from 'vitest'
import { unknownName } from './unknown-name.ts'

const known = {
  items: [{ name: 'restart-app' }, { name: 'logs' }],
  unreadable: [{ name: 'damaged', message: '', hint: '' }],
}
const sentence = (name: string) => {
  const { code, message, hint } = unknownName(
    { noun: 'saved command', command: 'saved' },
    name,
    known,
  )
  return [code, message, hint]
}

test('a name that is misspelt is answered with the one that was meant', () => {
  expect(sentence('restrat-app')).toEqual([
    'not-found',
    'There is no saved command "restrat-app".',
    'Did you mean "restart-app"? "farglass saved list" has all.',
  ])
  expect(sentence('rest')[2]).toContain('"restart-app"')
  // It is there, if not to be read.
  expect(sentence('damagd')[2]).toContain('"damaged"')
})

test('a name that is like no other is answered with where to look', () => {
  expect(sentence('frobnicate')[2]).toBe('See "farglass saved list" for those that there are.')
})
