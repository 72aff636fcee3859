import { describe, expect, test } from 'vitest'
import { placeOf, typedOf } from './typed.ts'

describe('prefixes', () => {
  test.each([
    ['db', 'all', 'db'],
    ['  db ', 'all', 'db'],
    ['>wrap', 'action', 'wrap'],
    ['@ db', 'host', 'db'],
    ['#', 'run', ''],
    [':09:41', 'place', '09:41'],
  ])('"%s" asks for %s', (input, scope, text) => {
    expect(typedOf(input)).toEqual({ scope, text })
  })
})

describe('places in the log', () => {
  const run = { start: Date.parse('2026-11-20T09:36:56.500Z'), isUtc: true }

  test.each([
    ['0', 0],
    ['171204', 171_204],
    ['L171204', 171_204],
    ['1,284,903', 1_284_903],
  ])('%s is a line', (text, pos) => {
    expect(placeOf(text, run)).toEqual({ kind: 'line', pos })
  })

  test.each([
    ['9:41', '2026-11-20T09:41:00.000Z'],
    ['09:36:56', '2026-11-20T09:36:56.000Z'],
    ['09:36:55', '2026-11-21T09:36:55.000Z'],
    ['00:00', '2026-11-21T00:00:00.000Z'],
    ['2026-11-19 09:41:02', '2026-11-19T09:41:02.000Z'],
  ])('%s is a time', (text, iso) => {
    expect(placeOf(text, run)).toEqual({ kind: 'time', time: Date.parse(iso) })
  })

  test('without UTC it is the time of the reader', () => {
    const local = new Date(2026, 10, 20, 9, 41)
    const start = new Date(2026, 10, 20, 8).getTime()
    expect(placeOf('9:41', { start, isUtc: false })).toEqual({
      kind: 'time',
      time: local.getTime(),
    })
  })

  test.each(['', 'x', '25:00', '9:61', '2026-13-01 09:41', '-1'])('"%s" is none', (text) => {
    expect(placeOf(text, run)).toBeNull()
  })
})
