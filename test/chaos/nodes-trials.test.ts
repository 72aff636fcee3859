/** The headline of several nodes: random trials with kills of viewers, Redis and nodes, exact for everybody. */
import { expect, test } from 'vitest'
import { type NodesTrialResult, runNodesTrial } from '../support/nodes-trial.ts'
import { seedOfProcess } from '../support/seeded-random.ts'
import type { RedisKind } from '../support/shared-redis.ts'
import { tellFigure } from '../support/tell-figure.ts'

const firstSeed = seedOfProcess()
const trials = Number(process.env['FARGLASS_TRIALS'] ?? 20)
const trialTimeoutMs = 180_000

test(
  `${trials} of ${trials} trials of 60 viewers on 3 nodes and one Redis are exact, each command started once (seeds from ${firstSeed})`,
  async () => {
    const inexact: string[] = []
    for (let done = 0; done < trials; done++) {
      const result = await runNodesTrial({
        seed: firstSeed + done,
        redis: 'alone',
        lines: 30_000,
        linesPerSecond: 1_000,
        viewers: 60,
        faults: {
          'a viewer is cut': 20,
          'Redis is killed with -9': 3,
          'a node is killed with -9': 2,
          'a node is paused past its lease': 1,
        },
        timeoutMs: trialTimeoutMs,
      })
      tellFigure(`nodes trial ${done + 1}/${trials}: ${textOf(result)}`)
      if (result.faults.length > 0) inexact.push(textOf(result))
    }
    tellFigure(`nodes trials: ${trials - inexact.length} of ${trials} exact`)
    expect(inexact).toEqual([])
  },
  trials * (trialTimeoutMs + 60_000),
)

const failovers = Number(process.env['FARGLASS_TRIALS'] ?? 3)

test.each<RedisKind>(['with a sentinel', 'a cluster'])(
  `F53, F54: ${failovers} trials of 60 viewers on 3 nodes and Redis, %s, are exact while replicas take over and a node is killed (seeds from ${firstSeed})`,
  async (redis) => {
    const inexact: string[] = []
    for (let done = 0; done < failovers; done++) {
      const result = await runNodesTrial({
        seed: firstSeed + done,
        redis,
        lines: 40_000,
        linesPerSecond: 1_000,
        viewers: 60,
        faults: {
          'a viewer is cut': 20,
          'Redis is killed with -9': 3,
          'a node is killed with -9': 1,
          'a node is paused past its lease': 0,
        },
        timeoutMs: trialTimeoutMs,
      })
      tellFigure(`nodes trial, ${redis}, ${done + 1}/${failovers}: ${textOf(result)}`)
      if (result.faults.length > 0) inexact.push(textOf(result))
    }
    expect(inexact).toEqual([])
  },
  failovers * (trialTimeoutMs + 60_000),
)

function textOf({ seed, faults, injected, seconds, viewerConnections }: NodesTrialResult): string {
  const verdict = faults.length === 0 ? 'exact' : `NOT EXACT: ${faults.join('; ')}`
  const others = injected.filter(({ kind }) => kind !== 'a viewer is cut')
  const kinds = others.map(({ atMs, kind }) => `${atMs} ms: ${kind}`).join(', ')
  const end = `after ${seconds.toFixed(1)} s, ${viewerConnections} connections of viewers`
  return `seed ${seed}: ${verdict} ${end}; ${kinds}`
}
