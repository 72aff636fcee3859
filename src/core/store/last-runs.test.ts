import { expect, test } from 'vitest'
import { limits } from '../../shared/limits.ts'
import { KeptHosts, type RunHosts } from './last-runs.ts'

const createdAt = '2026-01-01T00:00:00.000Z'

function runOn(id: string, count: number): RunHosts {
  return { id, createdAt, hosts: Array.from({ length: count }, (_, at) => `web-${at}`) }
}

test('of more hosts than are kept, those of the runs that were asked for last are', () => {
  const kept = new KeptHosts()
  const third = Math.floor(limits.runHostsKeptMax / 3)
  for (const id of ['a', 'b', 'c']) kept.keep(runOn(id, third))
  expect(kept.get('a')?.hosts.length).toBe(third)
  kept.keep(runOn('d', third))
  expect(['a', 'b', 'c', 'd'].map((id) => kept.get(id) !== undefined)).toEqual([
    true,
    false,
    true,
    true,
  ])
  // What is kept again counts once, and what alone is too much is not kept.
  for (let time = 0; time < 9; time++) kept.keep(runOn('d', third))
  expect(kept.get('a')).toBeDefined()
  kept.keep(runOn('e', limits.runHostsKeptMax + 1))
  expect(kept.get('e')).toBeUndefined()
})
