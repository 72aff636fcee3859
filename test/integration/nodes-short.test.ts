/** Several real servers on one real Redis: the short, seeded selection of their chaos suite that every test run makes. */
import { expect, test } from 'vitest'
import { runNodesTrial } from '../support/nodes-trial.ts'
import { seedOfProcess } from '../support/seeded-random.ts'

const seed = seedOfProcess()

test(`viewers on 3 nodes are complete after Redis and a node are killed with -9 (seed ${seed})`, async () => {
  const { faults } = await runNodesTrial({
    seed,
    redis: 'alone',
    lines: 5_000,
    linesPerSecond: 600,
    viewers: 12,
    faults: {
      'a viewer is cut': 4,
      'Redis is killed with -9': 1,
      'a node is killed with -9': 1,
      'a node is paused past its lease': 0,
    },
    timeoutMs: 90_000,
  })
  expect(faults).toEqual([])
})
