import { expect, test } from 'vitest'
import { factsText, headedText, tableText } from './table-text.ts'

test('columns are aligned, and those without anything are left out', () => {
  const rows = [
    ['web-1', '', 'up'],
    ['db', '', 'since a day'],
  ]
  expect(tableText(rows)).toBe('web-1  up\ndb     since a day\n')
})

test('a title stands above its column, and alone above nothing', () => {
  const titles = ['HOST', 'NOTE']
  expect(headedText(titles, [['web-1', '']])).toBe('HOST\nweb-1\n')
  expect(headedText(titles, [])).toBe('')
})

test('further lines stand under the first', () => {
  expect(
    factsText([
      ['Runs', 'one\ntwo\n'],
      ['Start', 'now'],
    ]),
  ).toBe('Runs   one\n       two\nStart  now\n')
})

test.each(['\u001b[2J', '\u001b]0;title\u0007', '\r', '\b\b'])(
  'what somebody has stored cannot act on the terminal: %j',
  (escape) => {
    const text = tableText([[`a${escape}b`]]) + factsText([[`c${escape}`, `d${escape}\ne`]])
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  },
)
