import { expect, test } from 'vitest'
import { limits } from '../../shared/limits.ts'
import { hostText } from './host-text.ts'

test('what a host says cannot move the cursor, hide text or turn its direction', () => {
  expect(hostText('a\u001b[2Jb\u202ec\u200bd\u0000')).toBe('a\\u{1b}[2Jb\\u{202e}c\\u{200b}d\\u{0}')
})

test('what a host says is one line', () => {
  expect(hostText(' one\r\n  two\u2028three ')).toBe('one two\\u{2028}three')
})

test('what a host says is cut at the limit and not before', () => {
  const longest = 'x'.repeat(limits.hostTextCharsMax)
  expect(hostText(longest)).toBe(longest)
  expect(hostText(`${longest}x`)).toBe(`${longest.slice(1)}…`)
})
