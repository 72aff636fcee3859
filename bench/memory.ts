/** Claim: an idle server is small, and an endless line does not make it large. */
import { type BenchContext, type Claim, type Figure, repeat, rowsOf } from './support/claim.ts'
import { memoryOf, watchTreePeakMb } from './support/cost.ts'
import { startServer } from './support/server.ts'
import { startViewers } from './support/viewers.ts'

export const memory: Claim = { name: 'memory', measure }

interface Turn {
  readonly idleMb: number
  readonly peakMb: number
  readonly treePeakMb: number
}

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const megabytes = context.quick ? 64 : 1_024
  const turns = await repeat(context.repeats, () => takeTurn(context, megabytes))
  const idle = rowsOf('memory (RSS)')
  const large = rowsOf(`memory during one line of ${megabytes} MiB, 1 viewer`)
  return [
    {
      ...idle.row(
        'server, idle',
        'MB',
        turns.map((turn) => turn.idleMb),
      ),
      target: '<= 120',
    },
    {
      ...large.row(
        'server, highest',
        'MB',
        turns.map((turn) => turn.peakMb),
      ),
      target: '<= 250',
    },
    large.row(
      'server and its ssh, highest',
      'MB',
      turns.map((turn) => turn.treePeakMb),
    ),
  ]
}

async function takeTurn(context: BenchContext, megabytes: number): Promise<Turn> {
  const { folder, sshd } = context
  await using server = await startServer({ folder, sshd, sync: 'full' })
  const { nowMb: idleMb } = memoryOf(server.pid)
  const watching = new AbortController()
  const treePeak = watchTreePeakMb(server.pid, watching.signal)
  const command = `head -c ${megabytes * 1_048_576} /dev/zero | tr '\\0' x`
  const request = { target: sshd.alias, source: { kind: 'command', command } } as const
  const report = await startViewers({ server: server.url, request }).done
  watching.abort()
  if (report.holes > 0 || report.ended !== 1) throw new Error('The line was not shown to its end.')
  return { idleMb, peakMb: memoryOf(server.pid).peakMb, treePeakMb: await treePeak }
}
