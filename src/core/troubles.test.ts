import { expect, test } from 'vitest'
import { AppError } from '../shared/errors.ts'
import { Troubles } from './troubles.ts'

test('what fails again and again is told once for each reason, and once when it works again', () => {
  const said: string[] = []
  let failures = 0
  const troubles = new Troubles({ say: (text) => void said.push(text), count: () => failures++ })
  const full = new AppError('disk-full', 'The disk is full.', { hint: 'Make room.' })
  troubles.works('A schedule')
  troubles.failed('A schedule', full)
  troubles.failed('A schedule', full)
  troubles.failed('Another', full)
  troubles.failed('A schedule', new TypeError('x is undefined'))
  troubles.works('A schedule')
  troubles.works('A schedule')
  troubles.forget('Another')
  troubles.works('Another')
  expect(said).toEqual([
    'A schedule cannot go on, and is tried again: The disk is full. Make room.',
    'Another cannot go on, and is tried again: The disk is full. Make room.',
    expect.stringContaining('TypeError: x is undefined'),
    'A schedule can go on again.',
  ])
  expect(failures).toBe(4)
})
