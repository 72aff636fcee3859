import { expect, test } from 'vitest'
import { pathText, pathWordAt } from './path-word.ts'

test.each([
  ['/var/lo', 7, '/var/lo', 0, 7],
  ['/a.log /var/lo', 14, '/var/lo', 7, 14],
  ['/a.log /var/log /b', 10, '/va', 7, 15],
  ['"/my logs/a', 11, '/my logs/a', 0, 11],
  ['"/my logs/" /b', 10, '/my logs/', 0, 11],
  ['/a ', 3, '', 3, 3],
  ['', 0, '', 0, 0],
])('in %s at %d the path typed is "%s"', (text, caret, typed, from, to) => {
  expect(pathWordAt(text, caret)).toEqual({ from, to, typed })
})

test('a path with a blank is put in quotes, and a directory is gone into', () => {
  expect(pathText('/var/log/')).toEqual({ text: '/var/log/', back: 0 })
  expect(pathText('/my logs/')).toEqual({ text: '"/my logs/"', back: 1 })
  expect(pathText('/my logs/a')).toEqual({ text: '"/my logs/a"', back: 0 })
})
