import { expect, test } from 'vitest'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { limits } from '../../shared/limits.ts'
import { Tries } from './tries.ts'

test('an address has a few tries a minute, and a right one is given back', () => {
  const clock = manualClock()
  const tries = new Tries(clock)
  for (let count = 0; count < limits.loginTriesPerMinuteMax; count++) tries.take('a')
  expect(() => tries.take('a')).toThrow('Too many tries')
  tries.take('b')
  tries.giveBack('a')
  tries.take('a')
  expect(() => tries.take('a')).toThrow('Too many tries')
  clock.advance(60_000)
  tries.take('a')
})

test('over the limit of addresses new ones wait, and the memory stays as it is', () => {
  const clock = manualClock()
  const tries = new Tries(clock)
  for (let count = 0; count < limits.loginAddressesMax; count++) tries.take(`10.0.${count}`)
  expect(() => tries.take('one more')).toThrow('Too many tries')
  tries.take('10.0.0')
  clock.advance(60_000)
  tries.take('one more')
})
