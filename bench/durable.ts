/** Claim: a durable run, whose output goes over a file of the host, is nearly as fast as a plain one. */

import { type BurstTimes, timeBurst } from './burst.ts'
import { type Ages, agesShown } from './latency.ts'
import { type BenchContext, type Claim, type Figure, repeat, rowsOf } from './support/claim.ts'
import { makeLinesFile } from './support/lines-file.ts'

export const durable: Claim = { name: 'durable', measure }

interface Pair<Value> {
  readonly plain: Value
  readonly durable: Value
}

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const lines = context.quick ? 100_000 : 1_000_000
  const file = await makeLinesFile(context.folder, lines)
  const bursts = await repeat(context.repeats, () => takeBursts(context, `cat '${file}'`, lines))
  const ages = await repeat(context.repeats, () => takeAges(context))
  return [...burstRows(lines, bursts), ...ageRows(ages)]
}

async function takeBursts(
  context: BenchContext,
  command: string,
  lines: number,
): Promise<Pair<BurstTimes>> {
  return {
    plain: await timeBurst(context, { command, lines, mode: 'plain' }),
    durable: await timeBurst(context, { command, lines, mode: 'durable' }),
  }
}

async function takeAges(context: BenchContext): Promise<Pair<Ages>> {
  return {
    plain: await agesShown(context, { sync: 'full', mode: 'plain' }),
    durable: await agesShown(context, { sync: 'full', mode: 'durable' }),
  }
}

function burstRows(lines: number, bursts: readonly Pair<BurstTimes>[]): readonly Figure[] {
  const table = rowsOf(`durable: burst of ${lines.toLocaleString('en')} lines of 100 bytes`)
  const rate = (pick: (burst: Pair<BurstTimes>) => BurstTimes): readonly number[] =>
    bursts.map((burst) => lines / pick(burst).wholeS)
  const plain = table.row(
    'plain, request to last line',
    'lines/s',
    rate((burst) => burst.plain),
  )
  const ours = table.row(
    'durable, request to last line',
    'lines/s',
    rate((burst) => burst.durable),
  )
  return [plain, { ...table.against(ours, plain), target: '>= 0.5 of plain' }]
}

function ageRows(ages: readonly Pair<Ages>[]): readonly Figure[] {
  const table = rowsOf('durable: age of a line when shown, 1,000 lines/s, 1 viewer')
  const row = (what: string, pick: (age: Pair<Ages>) => number): Figure =>
    table.row(what, 'ms', ages.map(pick))
  const plain = row('plain, p50', (age) => age.plain.p50)
  const plainLate = row('plain, p99', (age) => age.plain.p99)
  return [
    plain,
    table.against(
      row('durable, p50', (age) => age.durable.p50),
      plain,
    ),
    {
      ...row('durable, p50 more than plain', (age) => age.durable.p50 - age.plain.p50),
      target: '<= 15',
    },
    plainLate,
    table.against(
      row('durable, p99', (age) => age.durable.p99),
      plainLate,
    ),
  ]
}
