import { expect, test } from 'vitest'
import { countsText } from './task-counts.ts'

const ended = (exitCode: number | null) => ({ state: 'ended', exitCode, code: null }) as const
const failed = (code: 'key-refused' | 'too-many-failures' | 'timed-out') =>
  ({ state: 'failed', exitCode: null, code }) as const

test('tells what succeeded beside what did not', () => {
  expect(countsText([ended(0), ended(0), ended(3), ended(null)])).toBe('3 ok · 1 failed')
  expect(
    countsText([
      ended(0),
      failed('key-refused'),
      failed('too-many-failures'),
      failed('timed-out'),
      { state: 'ended', exitCode: 143, code: 'timed-out' },
      { state: 'lost', exitCode: null, code: 'connection-lost' },
      { state: 'running', exitCode: null, code: null },
    ]),
  ).toBe('1 ok · 1 failed · 1 timed out · 1 lost · 2 not started · 1 under way')
})
