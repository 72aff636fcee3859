import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stripAnsi } from '../../../shared/ansi.ts'
import { lastState } from '../../../shared/display.ts'
import { columnsIn, copiedText, drawnText, orderedEnds, wordAt } from './text-selection.ts'

const selection = { anchor: { pos: 9, column: 4 }, focus: { pos: 7, column: 2 } }

test('a selection that was drawn upwards is read downwards', () => {
  expect(orderedEnds(selection)).toEqual([selection.focus, selection.anchor])
  expect([6, 7, 8, 9, 10].map((pos) => columnsIn(selection, pos))).toEqual([
    null,
    { from: 2, to: null },
    { from: 0, to: null },
    { from: 0, to: 4 },
    null,
  ])
})

test('a double click takes a whole name, path or address', () => {
  const line = 'GET /api/v1/orders?id=3 from web-01:8080'
  const word = (column: number) => {
    const { from, to } = wordAt(line, column)
    return line.slice(from, to)
  }
  expect([word(1), word(7), word(36), word(18)]).toEqual([
    'GET',
    '/api/v1/orders',
    'web-01:8080',
    '/api/v1/orders',
  ])
})

test('what is copied is what the host wrote, without colours, and with the characters behind the tokens', () => {
  const line = '\u001b[31mred\u001b[0m a\u202eb \u{e0041}end'
  const drawn = drawnText(line)
  expect(drawn).toBe('red aU+202Eb U+E0041end')
  expect(copiedText(line, 0, null)).toBe('red a\u202eb \u{e0041}end')
  expect(copiedText(line, 1, 5)).toBe('ed a')
  expect(copiedText(line, drawn.indexOf('b'), null)).toBe('b \u{e0041}end')
})

test('of any line all that is drawn is copied, and parts of it join', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(80), (line, cut) => {
      const whole = copiedText(line, 0, null)
      expect(whole).toBe(stripAnsi(lastState(line)))
      const text = line.replaceAll(/[^ -~]/g, 'x')
      const at = Math.min(cut, text.length)
      expect(copiedText(text, 0, at) + copiedText(text, at, null)).toBe(text)
    }),
  )
})
