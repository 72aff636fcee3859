/** `npm run scale`: how many nodes and Redis shards a load takes, reckoned from what the benches have measured. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { defaultOptions, type ScaleOptions, scaleTables } from './scale/tables.ts'
import { readReport } from './support/report.ts'

const { load, prices } = defaultOptions
/** Flags with what they are by themselves. */
const flags = {
  hosts: load.hosts,
  runs: load.runs,
  viewers: load.viewers,
  lines: load.linesPerSecond,
  bytes: load.lineBytes,
  cycle: load.cycleMs,
  keep: load.keepBytes / 2 ** 20,
  days: load.keptDays,
  cpu: prices.cpu,
  memory: prices.gigabyte,
  disk: prices.diskGigabyte,
  seed: defaultOptions.seed,
}
const usage = `npm run scale -- ${Object.keys(flags)
  .map((name) => `[--${name} N]`)
  .join(' ')} [--balance run|any] [--json FILE]
  lines a second, bytes a line, cycle in ms, keep in MiB a run, days in the archive; cpu, memory and disk are prices a month`

const options = Object.fromEntries(
  [...Object.keys(flags), 'balance', 'json'].map((name) => [name, { type: 'string' } as const]),
)
const baseline = join(dirname(fileURLToPath(import.meta.url)), 'baseline.json')

try {
  main()
} catch (thrown) {
  console.error(`${thrown instanceof Error ? thrown.message : String(thrown)}\n${usage}`)
  process.exitCode = 2
}

function main(): void {
  const { values } = parseArgs({ options })
  const path = values['json'] ?? baseline
  const report = readReport(path)
  if (report === undefined) throw new Error(`${path} is missing: "npm run bench" writes it.`)
  const tables = scaleTables(report, optionsOf(values))
  console.log(Object.values(tables).join('\n\n'))
}

function optionsOf(values: Readonly<Record<string, string | undefined>>): ScaleOptions {
  const number = (name: keyof typeof flags): number => {
    const value = values[name] === undefined ? flags[name] : Number(values[name])
    if (value > 0) return value
    throw new Error(`--${name} is no number above zero: ${values[name]}`)
  }
  const { balance = 'run' } = values
  if (balance !== 'run' && balance !== 'any') throw new Error('--balance is "run" or "any".')
  return {
    ...defaultOptions,
    seed: number('seed'),
    prices: { cpu: number('cpu'), gigabyte: number('memory'), diskGigabyte: number('disk') },
    load: {
      hosts: number('hosts'),
      runs: number('runs'),
      viewers: number('viewers'),
      linesPerSecond: number('lines'),
      lineBytes: number('bytes'),
      cycleMs: number('cycle'),
      balance: balance === 'run' ? 'by run' : 'any',
      keepBytes: number('keep') * 2 ** 20,
      keptDays: number('days'),
    },
  }
}
