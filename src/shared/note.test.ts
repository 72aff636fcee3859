import { expect, test } from 'vitest'
import { noteKind } from './note.ts'

test('the kind of a note is its first word, without what follows it', () => {
  expect(noteKind('gap: bytes 5 to 9 of out')).toBe('gap')
  expect(noteKind('exited 0 after 1 s')).toBe('exited')
  expect(noteKind('gaps are counted')).toBe('gaps')
  expect(noteKind('')).toBe('')
  expect(noteKind(' gap: no')).toBe('')
})
