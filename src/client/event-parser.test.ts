import { describe, expect, test } from 'vitest'
import { AppError } from '../shared/errors.ts'
import { parseStreamEvent } from './event-parser.ts'

const group = { task: 0, channel: 'out', time: '2026-01-01T00:00:00.000Z', lines: ['a', 'b'] }

describe('an event of the stream', () => {
  test('comes through with its lines as they are', () => {
    const data = { pos: 3, next: 7, groups: [group, { ...group, file: '/var/log/a' }] }
    expect(parseStreamEvent('lines', JSON.stringify(data))).toEqual({ kind: 'lines', ...data })
  })

  test('of a kind that a newer server has is skipped', () => {
    expect(parseStreamEvent('weather', '{}')).toBeUndefined()
  })

  const broken: readonly [string, string, string][] = [
    ['no JSON', 'lines', '{"pos":1'],
    ['no object', 'lines', '[]'],
    ['fewer lines than it says', 'lines', JSON.stringify({ pos: 3, next: 6, groups: [group] })],
    ['no position', 'lines', JSON.stringify({ next: 2, groups: [group] })],
    [
      'a channel unknown',
      'lines',
      JSON.stringify({ pos: 0, next: 2, groups: [{ ...group, channel: 'x' }] }),
    ],
    [
      'a file that is no text',
      'lines',
      JSON.stringify({ pos: 0, next: 2, groups: [{ ...group, file: 5 }] }),
    ],
    ['a run without tasks', 'run', JSON.stringify({ run: { id: 'r' } })],
    ['an end without run', 'end', JSON.stringify({ next: 3 })],
    ['a wait that is no number', 'bye', JSON.stringify({ retryMs: 'soon' })],
  ]
  test.each(broken)('with %s is refused with a sentence', (_, kind, data) => {
    expect(() => parseStreamEvent(kind, data)).toThrow(AppError)
  })
})
