import { describe, expect, test } from 'vitest'
import { tokenIn } from './session.ts'

describe('the token in what somebody pastes', () => {
  test.each([
    ['the address', 'http://127.0.0.1:4770/#t=abcdefgh12345678', 'abcdefgh12345678'],
    ['a fragment', '#t=abc_DEF-12345678', 'abc_DEF-12345678'],
    ['the token alone', ' abcdefgh12345678 \n', 'abcdefgh12345678'],
    ['a permalink', '#L12', null],
    ['words', 'open sesame please now', null],
    ['nothing', '', null],
  ])('%s', (_, text, expected) => {
    expect(tokenIn(text)).toBe(expected)
  })
})
