/** Claim: a burst in plain mode goes from the remote command through the store to one viewer at a good share of what ssh itself can. */
import type { Mode } from '../src/shared/run.ts'
import { type BenchContext, type Claim, type Figure, repeat, rowsOf } from './support/claim.ts'
import { treeCpuMs } from './support/cost.ts'
import { makeLinesFile } from './support/lines-file.ts'
import { timePlainCount } from './support/plain-ssh.ts'
import { startServer } from './support/server.ts'
import { assertComplete, startViewers } from './support/viewers.ts'

export const burst: Claim = { name: 'burst', measure }

/** Farglass asks ssh for this cipher first; the peer is also measured with it, for a fair ratio. */
const sameCipher = ['-o', 'Ciphers=^aes128-gcm@openssh.com']

interface Turn extends BurstTimes {
  readonly plainS: number
  readonly sameCipherS: number
}

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const lines = context.quick ? 100_000 : 1_000_000
  const file = await makeLinesFile(context.folder, lines)
  const turns = await repeat(context.repeats, () => takeTurn(context, file, lines))
  const rate = (pick: (turn: Turn) => number): readonly number[] =>
    turns.map((turn) => lines / pick(turn))
  const table = rowsOf(`burst of ${lines.toLocaleString('en')} lines of 100 bytes, 1 viewer`)
  const plain = table.row(
    'plain ssh',
    'lines/s',
    rate((turn) => turn.plainS),
  )
  const same = table.row(
    'plain ssh, same cipher',
    'lines/s',
    rate((turn) => turn.sameCipherS),
  )
  const whole = table.row(
    'Farglass, request to last line',
    'lines/s',
    rate((turn) => turn.wholeS),
  )
  const flow = table.row(
    'Farglass, first to last line',
    'lines/s',
    rate((turn) => turn.flowS),
  )
  const cpu = turns.map((turn) => (turn.cpuMs * 1_000) / lines)
  return [
    plain,
    same,
    { ...table.against(whole, plain), target: '>= 300,000' },
    { ...table.against(whole, same), what: 'the same beside the same cipher' },
    flow,
    table.row('CPU of server and ssh per line', 'µs', cpu),
  ]
}

async function takeTurn(context: BenchContext, file: string, lines: number): Promise<Turn> {
  const { sshd } = context
  const command = `cat '${file}'`
  const plainS = await timePlainCount(sshd, { command, lines, options: [] })
  const sameCipherS = await timePlainCount(sshd, { command, lines, options: sameCipher })
  const burst = await timeBurst(context, { command, lines, mode: 'plain' })
  return { plainS, sameCipherS, ...burst }
}

export interface Burst {
  readonly command: string
  readonly lines: number
  readonly mode: Mode
}

export interface BurstTimes {
  /** From the request to the last line at the viewer, and from the first line to the last. */
  readonly wholeS: number
  readonly flowS: number
  readonly cpuMs: number
}

/** One burst through a server of its own to one viewer, who must get every line. */
export async function timeBurst(context: BenchContext, burst: Burst): Promise<BurstTimes> {
  const { sshd, folder } = context
  const { command, lines, mode } = burst
  await using server = await startServer({ folder, sshd, sync: 'full' })
  const cpuBefore = treeCpuMs(server.pid)
  const request = { target: sshd.alias, source: { kind: 'command', command }, mode } as const
  const report = await startViewers({ server: server.url, request, wanted: lines }).done
  assertComplete(report, lines)
  const [firstMs, reachedMs] = [report.firstMs[0] ?? 0, report.reachedMs[0] ?? 0]
  return {
    wholeS: reachedMs / 1_000,
    flowS: (reachedMs - firstMs) / 1_000,
    cpuMs: treeCpuMs(server.pid) - cpuBefore,
  }
}
