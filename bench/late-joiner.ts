/** Claim: who joins a run of a million lines late sees its first lines at once, and all of them soon. */
import { type BenchContext, type Claim, type Figure, repeat, rowsOf } from './support/claim.ts'
import { makeLinesFile } from './support/lines-file.ts'
import { startServer } from './support/server.ts'
import { startViewers } from './support/viewers.ts'

export const lateJoiner: Claim = { name: 'late-joiner', measure }

interface Turn {
  readonly firstMs: number
  readonly allMs: number
}

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const lines = context.quick ? 100_000 : 1_000_000
  const file = await makeLinesFile(context.folder, lines)
  const { folder, sshd } = context
  await using server = await startServer({ folder, sshd, sync: 'full' })
  // The run is still alive when they come, so that history and live must be joined.
  const command = `cat '${file}'; exec sleep 600`
  const request = { target: sshd.alias, source: { kind: 'command', command } } as const
  const watch = { server: server.url, wanted: lines, leaveWhenReached: true }
  const { run } = await startViewers({ ...watch, request }).done
  const turns = await repeat(context.repeats, async (): Promise<Turn> => {
    const report = await startViewers({ ...watch, run }).done
    if (report.holes > 0) throw new Error(`The late viewer saw ${report.holes} holes.`)
    return { firstMs: report.firstMs[0] ?? Number.NaN, allMs: report.reachedMs[0] ?? Number.NaN }
  })
  await server.stop(run)
  const table = rowsOf(`late joiner on a live run of ${lines.toLocaleString('en')} lines`)
  const first = table.row(
    'first lines shown',
    'ms',
    turns.map((turn) => turn.firstMs),
  )
  const all = table.row(
    'all lines shown',
    'ms',
    turns.map((turn) => turn.allMs),
  )
  return [
    { ...first, target: '< 200' },
    { ...all, target: '< 3,000' },
  ]
}
