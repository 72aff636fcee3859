import { expect, test } from 'vitest'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { createMemoryStore } from '../../core/store/memory-store.ts'
import { limits } from '../../shared/limits.ts'
import { FirstStart } from './first-start.ts'
import { Sessions } from './sessions.ts'
import { digestOf } from './tokens.ts'

test('a link works once and in time, at whichever node it is used', async () => {
  const [clock, store] = [manualClock(), createMemoryStore().sessions]
  const [here, there] = [new FirstStart({ store, clock }), new FirstStart({ store, clock })]
  const [one, two] = [await here.newToken(), await here.newToken()]
  const uses = await Promise.all([here.use(one), there.use(one), here.use(one), there.use('')])
  expect(uses.filter((isGood) => isGood)).toHaveLength(1)
  clock.advance(limits.firstStartTokenMs)
  expect(await there.use(two)).toBe(false)
})

test('a link is no session', async () => {
  const [clock, store] = [manualClock(), createMemoryStore().sessions]
  const token = await new FirstStart({ store, clock }).newToken()
  expect(await new Sessions(store, clock).isOpen(digestOf(token))).toBe(false)
})

test('over the limit of links the oldest goes', async () => {
  const links = new FirstStart({ store: createMemoryStore().sessions, clock: manualClock() })
  const tokens: string[] = []
  for (let at = 0; at <= limits.firstStartLinksMax; at++) tokens.push(await links.newToken())
  const uses = await Promise.all(tokens.map((token) => links.use(token)))
  expect(uses).toEqual(tokens.map((_, at) => at > 0))
})
