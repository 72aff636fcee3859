import { describe, expect, it } from 'vitest'
import { knownFrom } from '../bench/scale/coefficients.ts'
import { defaultLoad, defaultMachines, type Load, planFor } from '../bench/scale/plan.ts'
import { type Scenario, simulate, times } from '../bench/scale/simulation.ts'
import { type MeasuredFigure, type Report, readReport } from '../bench/support/report.ts'

const assumed = knownFrom(reportOf([]))

describe('what the scale model reckons with', () => {
  it('is an assumption that says so where no bench has measured it', () => {
    for (const { from, value } of assumed.origins) {
      expect(from).toMatch(/^assumption(?:: bench `[\w-]+` has not run|; no bench measures it)/)
      expect(value).toBeGreaterThan(0)
    }
  })

  it('names the bench of each figure, and tells events from lines by two loads', () => {
    const [eventUs, lineUs, batchUs, takenUs] = [20, 0.3, 80, 40]
    const batches = 90
    const cores = (viewers: number, events: number, lines: number) =>
      (viewers * (events * eventUs + lines * lineUs) + batches * batchUs + lines * takenUs) / 1e6
    const spread = 'nodes: 200 viewers of 1,000 lines/s, all complete'
    const cost = 'nodes: what a batch and a line cost'
    const { coefficients, origins } = knownFrom(
      reportOf([
        figure(spread, 'on 1 node: CPU of the nodes', cores(200, 50, 1_000)),
        figure(spread, 'on 1 node: lines in an event', 1_000 / 50),
        figure(spread, 'on 1 node: batches stored', batches),
        figure(cost, '10,000 lines/s to 100 viewers: CPU of the node', cores(100, 40, 10_000)),
        figure(cost, 'the same: lines in an event', 10_000 / 40),
        figure(cost, '10,000 lines/s to 100 viewers: batches stored', batches),
        figure(cost, 'burst: CPU of the node and its ssh per line', 3),
        figure(cost, '16 runs of 250 lines/s: lines in a batch', 1.5),
        figure(cost, '16 runs of 250 lines/s: CPU of the node per batch', batchUs + 1.5 * takenUs),
        figure(cost, '16 runs of 1,000 lines/s: lines in a batch', 4),
        figure(cost, '16 runs of 1,000 lines/s: CPU of the node per batch', batchUs + 4 * takenUs),
      ]),
    )
    expect(coefficients.eventUs).toBeCloseTo(eventUs)
    expect(coefficients.lineShownUs).toBeCloseTo(lineUs)
    expect(coefficients.batchUs).toBeCloseTo(batchUs)
    expect(coefficients.lineTakenUs).toBeCloseTo(takenUs)
    expect(origins.find(({ name }) => name === 'eventUs')?.from).toBe('bench `nodes`')
  })

  it('lets a line cost the least that is known where noise hides what it costs', () => {
    const cost = 'nodes: what a batch and a line cost'
    const { coefficients } = knownFrom(
      reportOf([
        figure(cost, 'burst: CPU of the node and its ssh per line', 3),
        figure(cost, '16 runs of 250 lines/s: lines in a batch', 2),
        figure(cost, '16 runs of 250 lines/s: CPU of the node per batch', 106),
        figure(cost, '16 runs of 1,000 lines/s: lines in a batch', 8),
        figure(cost, '16 runs of 1,000 lines/s: CPU of the node per batch', 90),
      ]),
    )
    expect([coefficients.batchUs, coefficients.lineTakenUs]).toEqual([100, 3])
  })

  it('is found in bench/baseline.json wherever its bench has run, unless noise hides a difference', () => {
    const report = readReport('bench/baseline.json') ?? reportOf([])
    const differences = ['eventUs', 'lineShownUs', 'redisLineUs', 'redisReadUs']
    const missing = knownFrom(report).origins.filter(
      ({ name, from }) => from.includes('noisy') && !differences.includes(name),
    )
    expect(missing).toEqual([])
  })
})

describe('the paper', () => {
  it('takes more machines for more load, and fewer when the viewers of a run are at one node', () => {
    const plan = (load: Partial<Load>) =>
      planFor({ ...defaultLoad, ...load }, defaultMachines, assumed.coefficients)
    const own = plan({})
    for (const part of ['hosts', 'viewers', 'linesPerSecond'] as const) {
      const more = plan({ [part]: defaultLoad[part] * 10 })
      expect(more.nodes).toBeGreaterThan(own.nodes)
      expect(more.shards).toBeGreaterThanOrEqual(own.shards)
    }
    const anywhere = plan({ balance: 'any' })
    expect(anywhere.nodes).toBeGreaterThan(own.nodes)
    expect(anywhere.shards).toBeGreaterThan(own.shards)
    expect(anywhere.furtherNodes).toBeLessThan(defaultLoad.viewers / defaultLoad.runs)
  })

  it('gives a small load one node and one shard', () => {
    const load = { ...defaultLoad, hosts: 3, runs: 3, viewers: 3, linesPerSecond: 30 }
    const plan = planFor(load, defaultMachines, assumed.coefficients)
    expect([plan.nodes, plan.shards, plan.furtherNodes]).toEqual([1, 1, 0])
    // Each line is a batch of its own then.
    expect(plan.cycleMs).toBeCloseTo(100)
    expect(plan.nodeUse).toBeLessThan(0.1)
  })
})

describe('the simulation', () => {
  it('bears the paper out, with any seed: how often batches come, and what is busy', () => {
    for (const seed of [1, 2]) {
      const { scenario, paper } = smallScenario(seed)
      const facts = simulate(scenario)
      expect(facts.cycleMs / paper.cycleMs).toBeGreaterThan(0.8)
      expect(facts.cycleMs / paper.cycleMs).toBeLessThan(1.25)
      expect(Math.abs(facts.shardUse - paper.shardUse)).toBeLessThan(0.15)
      expect(Math.abs(facts.nodeUse - paper.nodeUse)).toBeLessThan(0.15)
    }
  })

  it('is the same with the same seed, and all is well again after a node has died', () => {
    const { scenario } = smallScenario(3)
    const facts = simulate(scenario)
    expect(simulate(scenario)).toEqual(facts)
    expect(facts.takenOverMs).toBeGreaterThan(scenario.known.takeOverMs)
    expect(facts.deathWorstMs).toBeGreaterThan(scenario.known.takeOverMs / 2)
    expect(facts.deathSettledMs).toBeLessThan(times.end - times.death)
    expect(facts.joinedP50Ms).toBeGreaterThan(0)
  })
})

function smallScenario(seed: number) {
  const load: Load = {
    ...defaultLoad,
    hosts: 600,
    runs: 600,
    viewers: 6_000,
    linesPerSecond: 60_000,
  }
  const known = assumed.coefficients
  const paper = planFor(load, defaultMachines, known)
  const { nodes, shards } = paper
  const joiners = { share: 0.01, lines: 20_000 }
  const scenario: Scenario = { load, nodes, shards, known, seed, takeOversAtOnce: 8, joiners }
  return { scenario, paper }
}

function reportOf(figures: readonly MeasuredFigure[]): Report {
  return { machine: { summary: '', date: '' }, quick: false, repeats: 1, figures }
}

function figure(claim: string, what: string, value: number): MeasuredFigure {
  return { claim, what, value, unit: '', samples: [value], bench: 'nodes' }
}
