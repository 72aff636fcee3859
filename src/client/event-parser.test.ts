import { describe, expect, test } from 'vitest'
import { sampleRun } from '../../test/support/sample-run.ts'
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
  const good: Readonly<Record<string, unknown>> = { ...sampleRun() }
  const withSource = (source: unknown) => JSON.stringify({ run: { ...good, source } })

  test.each([
    { kind: 'command', command: 'uptime' },
    { kind: 'files', paths: ['/a', '/b'], lines: 5 },
    { kind: 'journal', unit: 'nginx.service' },
    { kind: 'container', name: 'web' },
  ])('brings a run of the source %j', (source) => {
    expect(parseStreamEvent('run', withSource(source))).toEqual({
      kind: 'run',
      run: { ...good, source },
    })
  })

  test.each([
    { kind: 'command' },
    { kind: 'files', paths: ['/a', 5] },
    { kind: 'files', paths: '/a' },
    { kind: 'journal' },
    { kind: 'container', name: null },
    { kind: 'magic' },
  ])('with the source %j is refused with a sentence', (source) => {
    expect(() => parseStreamEvent('run', withSource(source))).toThrow(AppError)
  })

  test.each(broken)('with %s is refused with a sentence', (_, kind, data) => {
    expect(() => parseStreamEvent(kind, data)).toThrow(AppError)
  })
})
