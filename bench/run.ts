/** `npm run bench`: measures every claim beside its peer in one run, prints a table and writes the figures as JSON. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/build.ts'
import { startSshd } from '../test/support/sshd.ts'
import { ensurePackages } from '../test/support/system-packages.ts'
import { archive } from './archive.ts'
import { burst } from './burst.ts'
import { durable } from './durable.ts'
import { fleet } from './fleet.ts'
import { followMany } from './follow-many.ts'
import { lateJoiner } from './late-joiner.ts'
import { latency } from './latency.ts'
import { memory } from './memory.ts'
import { nodes } from './nodes.ts'
import { redis } from './redis.ts'
import { runList } from './run-list.ts'
import { search } from './search.ts'
import { start } from './start.ts'
import { store } from './store.ts'
import type { BenchContext, Claim } from './support/claim.ts'
import { describeMachine } from './support/machine.ts'
import { type MeasuredFigure, mergeReports, readReport } from './support/report.ts'
import { tableOf } from './support/table.ts'
import { takeOver } from './take-over.ts'
import { viewers } from './viewers.ts'
import { web } from './web.ts'

const claims: readonly Claim[] = [
  start,
  store,
  redis,
  archive,
  nodes,
  takeOver,
  burst,
  latency,
  durable,
  viewers,
  lateJoiner,
  memory,
  search,
  runList,
  followMany,
  fleet,
  web,
]
const results = join(dirname(fileURLToPath(import.meta.url)), 'results')
const usage = `npm run bench -- [--only NAME[,NAME…]] [--runs N] [--quick] [--folder DIR] [--json FILE [--merge]]
  claims: ${claims.map((claim) => claim.name).join(', ')}`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    folder: { type: 'string', default: results },
    json: { type: 'string' },
    merge: { type: 'boolean', default: false },
  },
})
const names = values.only?.split(',') ?? claims.map((claim) => claim.name)
const chosen = claims.filter((claim) => names.includes(claim.name))
const repeats = Number(values.runs)

const isUsage =
  chosen.length === names.length &&
  Number.isInteger(repeats) &&
  repeats > 0 &&
  (values.json !== undefined || !values.merge)
if (!isUsage) {
  console.error(usage)
  process.exitCode = 2
} else {
  await main()
}

async function main(): Promise<void> {
  ensurePackages()
  ensureBuilt()
  await mkdir(values.folder, { recursive: true })
  await mkdir(results, { recursive: true })
  const folder = await mkdtemp(join(values.folder, 'work-'))
  try {
    const figures = await measureAll(folder)
    const taken = { machine: describeMachine(), quick: values.quick, repeats, figures }
    const file =
      values.json ?? join(results, `${new Date().toISOString().replaceAll(':', '')}.json`)
    const kept = values.merge ? readReport(file) : undefined
    const report = kept === undefined ? taken : mergeReports(kept, taken)
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`)
    console.log(`\n${tableOf(figures)}\n\nMachine: ${report.machine.summary}\nFigures: ${file}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A claim that cannot be measured is a row that says so; the others are still measured. */
async function measureAll(folder: string): Promise<readonly MeasuredFigure[]> {
  await using sshd = await startSshd()
  const say = (progress: string): void => console.error(`… ${progress}`)
  const context: BenchContext = { sshd, folder, repeats, quick: values.quick, say }
  const figures: MeasuredFigure[] = []
  const { date } = describeMachine()
  for (const claim of chosen) {
    say(claim.name)
    try {
      const taken = await claim.measure(context)
      figures.push(...taken.map((figure) => ({ ...figure, bench: claim.name, date })))
    } catch (thrown) {
      console.error(`FAILED ${claim.name}: ${String(thrown)}`)
      process.exitCode = 1
    }
  }
  return figures
}
