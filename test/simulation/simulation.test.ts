/**
 * The whole of Farglass between host and page in virtual time: the real service, writer, feed,
 * durable mode, encoder and client, on a disk, hosts and networks that do their worst.
 * `FARGLASS_SEED` names the first seed, `FARGLASS_SEEDS` how many follow from it.
 */
import { expect, test } from 'vitest'
import { seedOfProcess } from '../support/seeded-random.ts'
import { tellFigure } from '../support/tell-figure.ts'
import { noBug, plantedBugs } from './planted-bugs.ts'
import { type SimulationCounts, type SimulationReport, simulate } from './simulation.ts'

const first = seedOfProcess()
const count = seedCount(process.env['FARGLASS_SEEDS'] ?? '120')
/** A planted bug that takes more seeds than these is not found. */
const seedsPerBugMax = 500

test(
  `no line is lost, doubled, changed or shown too early in ${count} simulations (first seed ${first})`,
  async () => {
    const totals = new Map<string, number>()
    for (let seed = first; seed < first + count; seed++) {
      const report = await simulate(seed)
      if (report.failure !== undefined) expect.fail(`${report.failure}\n${storyOf(report)}`)
      addTo(totals, report)
    }
    tellFigure(`simulation: ${count} seeds from ${first}: ${textOf(totals)}`)
  },
  60_000 + count * 1_000,
)

test('the same seed gives the same history', async () => {
  const [one, other] = [await simulate(first), await simulate(first)]
  expect(other).toEqual(one)
})

test('the simulations do what they are for: faults, notes and viewers of every kind', async () => {
  const seen = new Map<string, number>()
  for (let seed = 1; seed <= 60; seed++) addTo(seen, await simulate(seed))
  for (const name of [...faultKinds, ...noteKinds]) {
    expect({ name, count: seen.get(name) }).toEqual({ name, count: expect.any(Number) })
    expect(seen.get(name)).toBeGreaterThan(0)
  }
})

test.each(plantedBugs.map((bug) => [bug.name, bug] as const))(
  'finds out when %s',
  async (name, bug) => {
    for (let seed = 1; seed <= seedsPerBugMax; seed++) {
      const { failure } = await simulate(seed, bug)
      if (failure === undefined) continue
      expect((await simulate(seed, noBug)).failure).toBeUndefined()
      tellFigure(`planted: ${name}: found by seed ${seed}: ${failure.slice(0, 120)}`)
      return
    }
    expect.fail(`not found within ${seedsPerBugMax} seeds`)
  },
)

const faultKinds = ['crashes', 'freezes', 'stops', 'viewerCuts', 'refusals', 'wholes']
const noteKinds = [
  'connected',
  'exited',
  'disconnected',
  'reconnected',
  'resumed',
  'stopped',
  'failed',
  'gap',
]

function addTo(totals: Map<string, number>, { counts, steps }: SimulationReport): void {
  const { notes, ...numbers } = counts satisfies SimulationCounts
  for (const [name, value] of [
    ...Object.entries({ ...numbers, ...notes }),
    ['steps', steps] as const,
  ]) {
    totals.set(name, (totals.get(name) ?? 0) + value)
  }
}

function textOf(totals: ReadonlyMap<string, number>): string {
  return [...totals].map(([name, value]) => `${value} ${name}`).join(', ')
}

function storyOf({ seed, history }: SimulationReport): string {
  return `FARGLASS_SEED=${seed} FARGLASS_SEEDS=1 repeats this. What happened last:\n${history.join('\n')}\n`
}

function seedCount(text: string): number {
  if (!/^[1-9][0-9]{0,7}$/.test(text)) throw new Error(`FARGLASS_SEEDS is no whole number: ${text}`)
  return Number(text)
}
