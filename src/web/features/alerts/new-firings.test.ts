import { expect, it } from 'vitest'
import { newFirings } from './new-firings.ts'

const firing = (id: string, time: string) => ({ id, time, title: id, path: '/' })

it('shows each firing once, and none that was there before the page looked', () => {
  const before = [{ desktop: true, firings: [firing('a', '1')] }]
  const first = newFirings(before, null)
  expect(first.fresh).toEqual([])
  const after = [
    { desktop: true, firings: [firing('c', '3'), firing('b', '2'), firing('a', '1')] },
    { desktop: false, firings: [firing('d', '4')] },
  ]
  const second = newFirings(after, first.seen)
  expect(second.fresh.map(({ id }) => id)).toEqual(['b', 'c'])
  expect(newFirings(after, second.seen).fresh).toEqual([])
})
