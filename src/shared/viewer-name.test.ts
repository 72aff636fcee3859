import { expect, test } from 'vitest'
import { limits } from './limits.ts'
import { asViewerName } from './viewer-name.ts'

test.each([
  ['Ann', 'Ann'],
  ['  Zoë 王  ', 'Zoë 王'],
  ['<b>Bob</b>', '<b>Bob</b>'],
  ['', null],
  ['   ', null],
  ['a\u202eb', null],
  ['a\u0000b', null],
  ['a\nb', null],
  ['a\u200bb', null],
  ['\u001b[31mred', null],
  ['x'.repeat(limits.viewerNameCharsMax), 'x'.repeat(limits.viewerNameCharsMax)],
  ['x'.repeat(limits.viewerNameCharsMax + 1), null],
])('the name %j is told as %j', (text, name) => {
  expect(asViewerName(text)).toBe(name)
})
