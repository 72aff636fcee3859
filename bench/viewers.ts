/** Claim: 100 and 1,000 people watch the same 1,000 lines/s, and all keep up. */
import { type BenchContext, type Claim, type Figure, repeat, rowsOf } from './support/claim.ts'
import { cpuMsOf } from './support/cost.ts'
import { startServer } from './support/server.ts'
import { timedLines } from './support/timed-lines.ts'
import { assertComplete, startViewers } from './support/viewers.ts'

export const viewers: Claim = { name: 'viewers', measure }

interface Turn {
  readonly p50: number
  readonly p99: number
  readonly cpuShare: number
  readonly cpuPerDeliveryUs: number
}

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const count of [100, 1_000]) {
    context.say(`${count} viewers`)
    const turns = await repeat(context.repeats, () => takeTurn(context, count))
    const table = rowsOf(`${count.toLocaleString('en')} viewers of 1,000 lines/s, all complete`)
    const of = (pick: (turn: Turn) => number): readonly number[] => turns.map(pick)
    figures.push(
      table.row(
        'age of a line when shown, p50',
        'ms',
        of((turn) => turn.p50),
      ),
      {
        ...table.row(
          'same, p99',
          'ms',
          of((turn) => turn.p99),
        ),
        target: '< 50 at 100 viewers',
      },
      table.row(
        'CPU of the server process',
        'cores',
        of((turn) => turn.cpuShare),
      ),
      {
        ...table.row(
          'CPU per delivered line',
          'µs',
          of((turn) => turn.cpuPerDeliveryUs),
        ),
        target: '<= 0.5',
      },
    )
  }
  return figures
}

async function takeTurn(context: BenchContext, count: number): Promise<Turn> {
  const lines = timedLines(context)
  const { folder, sshd } = context
  await using server = await startServer({ folder, sshd, sync: 'full' })
  // Every line of ten viewers is timed; to time those of all would cost more than to deliver them.
  const timedEvery = count / 10
  const group = startViewers({
    server: server.url,
    request: lines.request,
    viewers: count,
    timedEvery,
  })
  await group.open
  const cpuBefore = cpuMsOf(server.pid)
  await lines.go()
  const report = await group.done
  const cpuMs = cpuMsOf(server.pid) - cpuBefore
  assertComplete(report, lines.count)
  const seconds = lines.count / lines.linesPerSecond
  return {
    p50: report.p50Ms,
    p99: report.p99Ms,
    cpuShare: cpuMs / 1_000 / seconds,
    cpuPerDeliveryUs: (cpuMs * 1_000) / (lines.count * count),
  }
}
