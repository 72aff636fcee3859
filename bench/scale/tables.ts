/** The figures of the scale model as tables in Markdown: for docs/operate/scale.md and for the terminal. */

import { limits } from '../../src/shared/limits.ts'
import type { Report } from '../support/report.ts'
import { type Check, checkedAgainst } from './checks.ts'
import { type Known, knownFrom, type Origin } from './coefficients.ts'
import { costOf, defaultPrices, type Prices } from './costs.ts'
import {
  defaultLoad,
  defaultMachines,
  type Load,
  type Machines,
  type Plan,
  planFor,
} from './plan.ts'
import { burstFactor, type SimulatedFacts, simulate, times } from './simulation.ts'

export interface ScaleOptions {
  readonly load: Load
  readonly machines: Machines
  readonly prices: Prices
  readonly seed: number
}

export const defaultOptions: ScaleOptions = {
  load: defaultLoad,
  machines: defaultMachines,
  prices: defaultPrices,
  seed: 1,
}

/** The part of the fleet that is simulated: large enough for a node to be one of several. */
const simulatedShare = 0.1

export type ScaleTable = 'coefficients' | 'bench' | 'plan' | 'one' | 'simulation'

/** All tables, by the name that marks their place in the page. */
export function scaleTables(
  report: Report,
  options: ScaleOptions = defaultOptions,
): Readonly<Record<ScaleTable, string>> {
  const known = knownFrom(report)
  return {
    coefficients: coefficientsTable(known),
    bench: benchTable(checkedAgainst(report, known.coefficients)),
    plan: planTable(known, options),
    one: oneTable(known, options),
    simulation: simulationTable(known, options),
  }
}

function coefficientsTable({ origins }: Known): string {
  const row = ({ meaning, value, unit, from }: Origin) => [meaning, measured(value, unit), from]
  return table(['what', 'value', 'from'], origins.map(row))
}

function measured(value: number, unit: string): string {
  if (unit === 'bytes') return value >= 1e5 ? amount(value / 1e6, 'MB') : amount(value, 'bytes')
  return unit === 'of 1' ? amount(value * 100, '%') : amount(value, unit)
}

/** The model beside what was measured on a load that it was not made from. */
function benchTable(checks: readonly Check[]): string {
  if (checks.length === 0) return 'Bench `nodes` has not run for bench/baseline.json yet.'
  return table(
    ['200 viewers of 1,000 lines/s', 'model', 'measured'],
    checks.map(({ what, model, measured: taken }) => [
      what,
      amount(model, 'cores'),
      amount(taken, 'cores'),
    ]),
  )
}

/** The load as it is given, with slower batches, and with viewers sent to any node. */
function planTable({ coefficients }: Known, { load, machines, prices }: ScaleOptions): string {
  const variants: readonly Load[] = [
    load,
    { ...load, cycleMs: load.cycleMs * 2.5 },
    { ...load, balance: load.balance === 'any' ? 'by run' : 'any' },
  ]
  const planned = variants.map((variant) => ({
    variant,
    plan: planFor(variant, machines, coefficients),
  }))
  const head = planned.map(
    ({ variant }) =>
      `viewers ${variant.balance === 'any' ? 'to any node' : 'by run'}, ${amount(variant.cycleMs, 'ms')}`,
  )
  const row = (what: string, of: (plan: Plan) => string) => [
    what,
    ...planned.map(({ plan }) => of(plan)),
  ]
  return table(
    ['what it takes', ...head],
    [
      row('**nodes** (2 cores, 16 GB)', ({ nodes }) => `**${amount(nodes)}**`),
      row('nodes by CPU / ssh / memory / network', ({ nodeNeeds: needs }) =>
        [needs.cpu, needs.ssh, needs.memory, needs.network].map((need) => amount(need)).join(' / '),
      ),
      row('**Redis shards** (1 core, 16 GB)', ({ shards }) => `**${amount(shards)}**`),
      row('shards by CPU / memory', ({ shardNeeds: { cpu, memory } }) =>
        [cpu, memory].map((need) => amount(need)).join(' / '),
      ),
      row('nodes that read a run beside its own', ({ furtherNodes }) => amount(furtherNodes)),
      row('batches of a run come every', ({ cycleMs }) => amount(cycleMs, 'ms')),
      row('a node / a shard is busy', ({ nodeUse, shardUse }) =>
        [nodeUse, shardUse].map((use) => amount(use * 100, '%')).join(' / '),
      ),
      row('memory of a node', ({ nodeBytes }) => amount(nodeBytes / 1e9, 'GB')),
      row('memory of Redis, all shards', ({ redisBytes }) => amount(redisBytes / 1e9, 'GB')),
      row('network: hosts to nodes', ({ bitsPerSecond: { hosts } }) => gigabits(hosts)),
      row('network: nodes and Redis', ({ bitsPerSecond: { redis } }) => gigabits(redis)),
      row('network: nodes to viewers', ({ bitsPerSecond: { viewers } }) => gigabits(viewers)),
      row('lines are there for', ({ hotSeconds }) => amount(hotSeconds / 60, 'min')),
      row('written to the archive', ({ archiveBytesPerSecond, archiveFilesPerSecond }) =>
        [
          amount(archiveBytesPerSecond / 1e6, 'MB/s'),
          amount(archiveFilesPerSecond, 'files a second'),
        ].join(', '),
      ),
      row(`archive of ${load.keptDays} days`, ({ archiveBytes }) =>
        amount(archiveBytes / 1e12, 'TB'),
      ),
      row('cores / memory, replicas of Redis too', (plan) => {
        const { cpus, memoryGb } = costOf(plan, machines, prices)
        return `${amount(cpus)} / ${amount(memoryGb, 'GB')}`
      }),
      row('dollars a month, by the prices above', (plan) =>
        amount(costOf(plan, machines, prices).dollars),
      ),
      row('of these for the archive', ({ archiveBytes }) =>
        amount((archiveBytes / 1e9) * prices.diskGigabyte),
      ),
    ],
  )
}

/** What breaks first as a fleet grows: how much of the load one of each carries. */
function oneTable({ coefficients }: Known, { load, machines }: ScaleOptions): string {
  const plan = planFor(load, machines, coefficients)
  const { cpu, ssh, memory, network } = plan.nodeNeeds
  const needs: readonly (readonly [string, number, string])[] = [
    ['CPU of a node', cpu, 'more nodes; batches less often'],
    ['CPU of ssh beside a node', ssh, 'more nodes, or cores'],
    ['CPU of one Redis', plan.shardNeeds.cpu, 'more shards; viewers by run; batches less often'],
    ['memory of a node', memory, 'more nodes: most of it are the ssh processes of the hosts'],
    ['network of a node', network, 'more nodes'],
    [
      'memory of one Redis',
      plan.shardNeeds.memory,
      'more shards: each run has its `--redis-keep` there',
    ],
  ]
  const rows = needs
    .toSorted(([, a], [, b]) => b - a)
    .map(([what, need, remedy]) => [
      what,
      amount(load.linesPerSecond / need, 'lines/s'),
      amount(load.hosts / need),
      amount(load.viewers / need),
      remedy,
    ])
  return table(['one of them is planned full at', 'lines', 'hosts', 'viewers', 'then'], rows)
}

function simulationTable(known: Known, options: ScaleOptions): string {
  const { machines, seed } = options
  const load = partOf(options.load)
  const paper = planFor(load, machines, known.coefficients)
  const facts = simulate({
    load,
    nodes: paper.nodes,
    shards: paper.shards,
    known: known.coefficients,
    seed,
    takeOversAtOnce: limits.takeOversAtOnce,
    joiners: { share: 0.01, lines: 100_000 },
  })
  return table(
    [
      `${paper.nodes} nodes, ${paper.shards} shards, ${amount(load.runs)} runs`,
      'paper',
      'simulated',
    ],
    simulatedRows(paper, facts, known),
  )
}

function simulatedRows(paper: Plan, facts: SimulatedFacts, known: Known): readonly string[][] {
  const burstSeconds = (times.burst[1] - times.burst[0]) / 1_000
  return [
    ['batches of a run come every', ...pair(paper.cycleMs, facts.cycleMs, 'ms')],
    ['a node is busy', ...pair(paper.nodeUse * 100, facts.nodeUse * 100, '%')],
    ['a shard is busy', ...pair(paper.shardUse * 100, facts.shardUse * 100, '%')],
    ['age of a line when shown, p50', ...pair(agePerCycle * paper.cycleMs, facts.ageP50Ms, 'ms')],
    ['the same, p99', '', amount(facts.ageP99Ms, 'ms')],
    [
      `${burstFactor} times the lines for ${burstSeconds} s: worst p99 of a quarter second`,
      '',
      amount(facts.burstWorstMs, 'ms'),
    ],
    ['after its end all is as before within', '', amount(facts.burstSettledMs, 'ms')],
    [
      'one of 100 viewers joins and reads 100,000 older lines, within a second: p50 / p99 until read',
      '',
      `${amount(facts.joinedP50Ms / 1_000)} / ${amount(facts.joinedP99Ms / 1_000, 's')}`,
    ],
    ['worst p99 of those who watch meanwhile', '', amount(facts.joinWorstMs, 'ms')],
    [
      'a node dies: its last run is carried by another one after',
      amount(known.coefficients.takeOverMs / 1_000, 's'),
      amount(facts.takenOverMs / 1_000, 's'),
    ],
    ['all is as before after', '', amount(facts.deathSettledMs / 1_000, 's')],
  ]
}

/** Half of one until it is in a batch, one until that is stored, one until it is shown. */
const agePerCycle = 2.5

/** A tenth of everything. */
function partOf(load: Load): Load {
  const part = (value: number): number => Math.max(1, Math.round(value * simulatedShare))
  return {
    ...load,
    hosts: part(load.hosts),
    runs: part(load.runs),
    viewers: part(load.viewers),
    linesPerSecond: load.linesPerSecond * simulatedShare,
  }
}

function pair(paper: number, simulated: number, unit: string): string[] {
  return [amount(paper, unit), amount(simulated, unit)]
}

function gigabits(bitsPerSecond: number): string {
  return amount(bitsPerSecond / 1e9, 'Gbit/s')
}

/** Two or three figures that count: more would pretend to be known. */
function amount(value: number, unit = ''): string {
  const rounded = Number(value.toPrecision(value >= 1_000 ? 3 : 2))
  return `${rounded.toLocaleString('en')} ${unit}`.trim()
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}
