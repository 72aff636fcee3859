/** The headline: random trials of durable runs under random faults, exact for store and viewers in all of them. */
import { expect, test } from 'vitest'
import { runDurableTrial, type TrialResult } from '../support/durable-trial.ts'
import { seedOfProcess } from '../support/seeded-random.ts'
import { tellFigure } from '../support/tell-figure.ts'

const firstSeed = seedOfProcess()
const trials = Number(process.env['FARGLASS_TRIALS'] ?? 100)
/** A trial sleeps most of its time, so several go side by side. */
const atOnce = Number(process.env['FARGLASS_TRIALS_AT_ONCE'] ?? 2)
const trialTimeoutMs = 120_000

test(
  `${trials} of ${trials} random trials are exact for store and viewers, each command started once (seeds from ${firstSeed})`,
  async () => {
    const results: TrialResult[] = []
    let next = 0
    const runOn = async () => {
      while (next < trials) {
        const result = await runDurableTrial({
          seed: firstSeed + next++,
          lines: 50_000,
          linesPerSecond: 5_000,
          faults: [3, 9],
          timeoutMs: trialTimeoutMs,
        })
        results.push(result)
        tellFigure(`${results.length}/${trials} ${textOf(result)}`)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, runOn))
    tellTotals(results)
    expect(results.filter(({ faults }) => faults.length > 0).map(textOf)).toEqual([])
    expect(results.length).toBe(trials)
  },
  trials * (trialTimeoutMs + 60_000),
)

function textOf({ seed, faults, injected, seconds, ...counts }: TrialResult): string {
  const verdict = faults.length === 0 ? 'exact' : `NOT EXACT: ${faults.join('; ')}`
  const kinds = injected.map(({ atMs, kind, forMs }) => `${atMs} ms: ${kind}${lasting(forMs)}`)
  const connections = `${counts.hostConnections} ssh and ${counts.viewerConnections} viewer connections`
  return `seed ${seed}: ${verdict} after ${seconds.toFixed(1)} s, ${connections}, ${kinds.join(', ')}`
}

function lasting(forMs: number): string {
  return forMs === 0 ? '' : ` for ${forMs} ms`
}

function tellTotals(results: readonly TrialResult[]): void {
  const exact = results.filter(({ faults }) => faults.length === 0).length
  const count = new Map<string, number>()
  for (const { kind } of results.flatMap(({ injected }) => injected)) {
    count.set(kind, (count.get(kind) ?? 0) + 1)
  }
  const kinds = [...count].map(([kind, times]) => `${times} × ${kind}`).join(', ')
  tellFigure(`durable trials: ${exact} of ${results.length} exact; ${kinds}`)
}
