/** Claim: at 1,000 lines/s a line is shown within one sync of the data disk plus a little, or at once with `--sync interval`. */
import type { Mode } from '../src/shared/run.ts'
import { type BenchContext, type Claim, type Figure, repeat, rowsOf } from './support/claim.ts'
import { timeDataSync } from './support/disk.ts'
import { plainLatency } from './support/plain-ssh.ts'
import { startServer } from './support/server.ts'
import { timedLines } from './support/timed-lines.ts'
import { assertComplete, startViewers } from './support/viewers.ts'

export const latency: Claim = { name: 'latency', measure }

export interface Ages {
  readonly p50: number
  readonly p99: number
}

interface Turn {
  readonly disk: Ages
  readonly plain: Ages
  readonly full: Ages
  readonly interval: Ages
}

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const turns = await repeat(context.repeats, () => takeTurn(context))
  const table = rowsOf('age of a line when shown, 1,000 lines/s, 1 viewer')
  const pair = (what: string, pick: (turn: Turn) => Ages): readonly [Figure, Figure] => [
    table.row(
      `${what}, p50`,
      'ms',
      turns.map((turn) => pick(turn).p50),
    ),
    table.row(
      `${what}, p99`,
      'ms',
      turns.map((turn) => pick(turn).p99),
    ),
  ]
  const disk = pair('write + fdatasync of the data disk', (turn) => turn.disk)
  const plain = pair('plain ssh', (turn) => turn.plain)
  const full = pair('Farglass --sync full', (turn) => turn.full)
  const interval = pair('Farglass --sync interval', (turn) => turn.interval)
  return [
    ...disk,
    ...plain,
    { ...table.against(full[0], plain[0]), target: '<= one sync + 2' },
    table.against(full[1], plain[1]),
    { ...table.against(interval[0], plain[0]), target: '<= 2' },
    table.against(interval[1], plain[1]),
  ]
}

async function takeTurn(context: BenchContext): Promise<Turn> {
  const lines = timedLines(context)
  const disk = await timeDataSync(context.folder)
  const plain = await plainLatency(context.sshd, lines.command)
  return {
    disk: { p50: disk.percentile(0.5), p99: disk.percentile(0.99) },
    plain: { p50: plain.percentile(0.5), p99: plain.percentile(0.99) },
    full: await agesShown(context, { sync: 'full', mode: 'plain' }),
    interval: await agesShown(context, { sync: 'interval', mode: 'plain' }),
  }
}

/** How old the lines of one run are when its one viewer has them. */
export async function agesShown(
  context: BenchContext,
  { sync, mode }: { readonly sync: 'full' | 'interval'; readonly mode: Mode },
): Promise<Ages> {
  const lines = timedLines(context)
  const request = { ...lines.request, mode }
  await using server = await startServer({ folder: context.folder, sshd: context.sshd, sync })
  const viewers = startViewers({ server: server.url, request, timedEvery: 1 })
  await viewers.open
  await lines.go()
  const report = await viewers.done
  assertComplete(report, lines.count)
  return { p50: report.p50Ms, p99: report.p99Ms }
}
