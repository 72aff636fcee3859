import { signal } from '@preact/signals'
import { expect, test } from 'vitest'
import { unreadOf } from './unread.ts'

const sequence = { version: signal(0), fetched: signal(0) }
const paused = {
  follow: { value: false },
  unreadFrom: { value: 40 },
  figures: { value: { unread: 20, unreadErrors: 3 } },
  lines: { value: sequence },
}

test('of a whole log all that came is new, of a filtered one what its filters leave', () => {
  expect(unreadOf(paused)).toEqual({ lines: 20, errors: 3 })
  const lines = { value: { ...sequence, countFrom: (pos: number) => 47 - pos } }
  expect(unreadOf({ ...paused, lines })).toEqual({ lines: 7, errors: 0 })
  // Nothing is claimed before it is known, and nothing is new for who follows.
  const unknown = { value: { ...sequence, countFrom: () => null } }
  expect(unreadOf({ ...paused, lines: unknown })).toEqual({ lines: 0, errors: 0 })
  expect(unreadOf({ ...paused, follow: { value: true } })).toEqual({ lines: 0, errors: 0 })
})
