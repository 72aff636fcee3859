import { expect, test } from 'vitest'
import { seededRandom } from '../../../test/support/seeded-random.ts'
import { takeAll } from './take-overs.ts'

const orphans = Array.from({ length: 100 }, (_, at) => at)

test('nodes that find the same runs of a dead one share them', async () => {
  const owners = new Map<number, string>()
  const node = (name: string, seed: number) =>
    takeAll(orphans, { atOnce: 4, random: seededRandom(seed).next }, async (run) => {
      await new Promise((resolve) => setImmediate(resolve))
      if (!owners.has(run)) owners.set(run, name)
    })
  await Promise.all([node('one', 1), node('two', 2), node('three', 3)])
  expect(owners.size).toBe(100)
  for (const name of ['one', 'two', 'three'])
    expect([...owners.values()].filter((owner) => owner === name).length).toBeGreaterThan(10)
})

test('takes some at a time and each once, and no fewer when one takes long', async () => {
  const under = { now: 0, most: 0 }
  const taken: number[] = []
  const waiting: (() => void)[] = []
  const done = takeAll(orphans, { atOnce: 4, random: seededRandom(4).next }, async (run) => {
    under.now += 1
    under.most = Math.max(under.most, under.now)
    taken.push(run)
    if (taken.length === 1) await new Promise<void>((resolve) => waiting.push(resolve))
    else await new Promise((resolve) => setImmediate(resolve))
    if (taken.length === orphans.length) for (const resolve of waiting) resolve()
    under.now -= 1
  })
  await done
  expect(under.most).toBe(4)
  expect(taken.toSorted((a, b) => a - b)).toEqual(orphans)
})
