import { expect, test } from 'vitest'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { until } from '../../../test/support/until.ts'
import { limits } from '../../shared/limits.ts'
import { keepsAll, type RetentionPolicy, removesNothing } from '../../shared/retention.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { keepRetention } from './keep-retention.ts'
import type { Applied } from './retention.ts'

test('of several nodes one looks at a time, and whoever has a new policy looks at once', async () => {
  const { nodes, clock, looks } = newNodes({ ...keepsAll, runsMax: 1 })
  await until('one of them has looked', () => looks.length > 0)
  clock.advance(limits.retentionEveryMs)
  await until('one of them looks again', () => looks.length > 1)
  nodes[1]?.wake()
  await until('the one with the new policy looks', () => looks.length > 2)
  expect(looks.slice(2)).toEqual([1])
  await Promise.all(nodes.map((node) => node.close()))
  expect(looks).toHaveLength(3)
})

test('where everything is kept nobody looks, and nothing is written for it', async () => {
  const { nodes, clock, looks, records } = newNodes(keepsAll)
  clock.advance(limits.retentionEveryMs)
  await Promise.all(nodes.map((node) => node.close()))
  expect([looks, await records.list('setting')]).toEqual([[], []])
})

test('what cannot be removed is told, and tried at the next look', async () => {
  const one = newNodes({ ...keepsAll, runsMax: 1 }, { failures: 1 })
  const { nodes, clock, looks, said, metrics } = one
  await until('the failure is told', () => said.length > 0)
  expect(said[0]).toMatch(
    /^Retention could not remove what it should, and tries again: .*Error: The disk is gone\.\n +at /s,
  )
  clock.advance(limits.retentionEveryMs)
  await until('it is tried again', () => looks.length > 1)
  await until('what is gone is told', () => said.length > 1)
  expect(said[1]).toBe(
    'Retention has removed the lines of 2 runs (1.5 KB) and 1 run from the list.',
  )
  const figures = await metrics.read()
  const values = ['failures', 'removed_runs', 'removed_bytes'].map(
    (name) =>
      figures.find((each) => each.name === `farglass_retention_${name}_total`)?.samples[0]?.value,
  )
  expect(values).toEqual([1, 2, 1_536])
  await Promise.all(nodes.map((node) => node.close()))
})

/** Two that share a store; what they remove is always the same. */
function newNodes(policy: RetentionPolicy, { failures = 0 } = {}) {
  const clock = manualClock()
  const { records } = createMemoryStore()
  const metrics = createMetrics()
  const looks: number[] = []
  const said: string[] = []
  const gone: Applied = { lines: { runs: 2, bytes: 1_536 }, rows: 1 }
  const nodes = [0, 1].map((node) =>
    keepRetention({
      retention: {
        policy: async () => policy,
        rules: async () => policy,
        isNeeded: async () => !removesNothing(policy),
        preview: async () => {
          throw new Error('Nobody asks for it.')
        },
        save: async () => {},
        apply: async () => {
          looks.push(node)
          if (looks.length <= failures) throw new Error('The disk is gone.')
          return gone
        },
      },
      records,
      clock,
      metrics,
      random: () => 0.5,
      say: (text) => said.push(text),
    }),
  )
  return { nodes, clock, looks, said, records, metrics }
}
