import { expect, test } from 'vitest'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { limits } from '../../shared/limits.ts'
import { FirstStart } from './first-start.ts'

test('a link works once and in time', () => {
  const clock = manualClock()
  const links = new FirstStart(clock)
  const [one, two] = [links.newToken(), links.newToken()]
  expect([links.use(one), links.use(one), links.use('')]).toEqual([true, false, false])
  clock.advance(limits.firstStartTokenMs)
  expect(links.use(two)).toBe(false)
})

test('over the limit of links the oldest goes', () => {
  const links = new FirstStart(manualClock())
  const tokens = Array.from({ length: limits.firstStartLinksMax + 1 }, () => links.newToken())
  expect(tokens.map((token) => links.use(token))).toEqual(tokens.map((_, at) => at > 0))
})
