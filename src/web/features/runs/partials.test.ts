import { expect, test } from 'vitest'
import type { PartialEvent } from '../../../shared/protocol/events.ts'
import { withoutPartials, withPartial } from './partials.ts'

const partial = (channel: 'out' | 'err', text: string): PartialEvent => ({
  kind: 'partial',
  task: 1,
  channel,
  text,
})

test('an unfinished line grows, is replaced by its whole line, and an empty one is none', () => {
  let partials = withPartial(new Map(), partial('out', 'Pass'))
  partials = withPartial(partials, partial('out', 'Password: '))
  partials = withPartial(partials, partial('err', 'x'))
  expect([...partials.values()].map(({ text }) => text)).toEqual(['Password: ', 'x'])
  const line = { pos: 0, task: 1, channel: 'out', time: '', text: 'Password: ok' } as const
  expect([...withoutPartials(partials, [line]).values()].map(({ text }) => text)).toEqual(['x'])
  expect(withPartial(partials, partial('err', '')).size).toBe(1)
})
