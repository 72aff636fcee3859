/** Claim: many followed files cost little: memory and CPU of the server and of the hosts, idle and with lines. */
import { appendFileSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processTree } from '../test/support/proc.ts'
import { type Sshd, startSshd } from '../test/support/sshd.ts'
import { until } from '../test/support/until.ts'
import { type BenchContext, type Claim, type Figure, repeat, rowsOf } from './support/claim.ts'
import { cpuMsOf, memoryOf, treeCpuMs } from './support/cost.ts'
import { type BenchServer, startServer } from './support/server.ts'

export const followMany: Claim = { name: 'follow-many', measure }

const filesPerHost = 20
const measuredMs = 10_000

interface Cost {
  /** Per cent of one core. */
  readonly server: number
  readonly hosts: number
}

interface Turn {
  readonly serverMb: number
  readonly treeMb: number
  readonly idle: Cost
  readonly busy: Cost
}

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const hosts = context.quick ? 5 : 50
  const turns = await repeat(context.repeats, () => takeTurn(context, hosts))
  const claim = rowsOf(`${hosts * filesPerHost} followed files on ${hosts} hosts`)
  const rows: readonly (readonly [string, string, (turn: Turn) => number])[] = [
    ['memory of the server (RSS)', 'MB', ({ serverMb }) => serverMb],
    ['memory of the server and its ssh', 'MB', ({ treeMb }) => treeMb],
    ['server, nothing written', '% of a core', ({ idle }) => idle.server],
    ['all hosts, nothing written', '% of a core', ({ idle }) => idle.hosts],
    ['server, 1 line/s in each file', '% of a core', ({ busy }) => busy.server],
    ['all hosts, 1 line/s in each file', '% of a core', ({ busy }) => busy.hosts],
  ]
  return rows.map(([what, unit, value]) => claim.row(what, unit, turns.map(value)))
}

/** All hosts are one machine, so each follows the same files: every line is read once for each host. */
async function takeTurn(context: BenchContext, hosts: number): Promise<Turn> {
  const aliases = Array.from({ length: hosts }, (_, at) => `host-${at + 1}`)
  await using sshd = await startSshd({ aliases, sshdConfig: ['MaxStartups 200'] })
  await using server = await startServer({ folder: context.folder, sshd, sync: 'full' })
  const directory = await mkdtemp(join(context.folder, 'logs-'))
  await mkdir(directory, { recursive: true })
  const files = Array.from({ length: filesPerHost }, (_, at) => join(directory, `${at}.log`))
  for (const file of files) await writeFile(file, 'first line\n')
  const id = await startRun(server, { target: aliases.join(','), directory })
  const isRunning = async () => {
    const { tasks, lines } = await server.get(id)
    const failed = tasks.find(({ state }) => state === 'failed' || state === 'lost')
    if (failed !== undefined) throw new Error(`${failed.host}: ${failed.message}`)
    return tasks.every(({ state }) => state === 'running') && lines === hosts * filesPerHost
  }
  await until('every file of every host is followed', isRunning, 300_000)
  await sleep(3_000)
  const serverMb = memoryOf(server.pid).nowMb
  const treeMb = processTree([server.pid]).reduce((sum, { pid }) => sum + memoryOf(pid).nowMb, 0)
  const idle = await costOf(server, sshd, () => undefined)
  const busy = await costOf(server, sshd, (second) => {
    for (const file of files) appendFileSync(file, `line of second ${second}\n`)
  })
  const lines = hosts * filesPerHost * (1 + measuredMs / 1_000)
  await until('every line is stored', async () => (await server.get(id)).lines === lines, 60_000)
  await server.stop(id)
  return { serverMb, treeMb, idle, busy }
}

async function startRun(
  server: BenchServer,
  { target, directory }: { target: string; directory: string },
): Promise<string> {
  const source = { kind: 'files', paths: [join(directory, '*.log')] }
  const response = await fetch(`${server.url}/api/v1/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ target, source }),
  })
  // SAFETY: the bench measures its own server; a wrong shape shows at once in the figures.
  const run = (await response.json()) as { id: string }
  if (!response.ok) throw new Error(JSON.stringify(run))
  return run.id
}

async function costOf(
  server: BenchServer,
  sshd: Sshd,
  write: (second: number) => void,
): Promise<Cost> {
  const hostsMs = () =>
    [...sshd.processes(), ...sshd.sessions()].reduce((sum, { pid }) => sum + cpuMsOf(pid), 0)
  const before = { server: treeCpuMs(server.pid), hosts: hostsMs() }
  const startMs = performance.now()
  for (let second = 1; second <= measuredMs / 1_000; second += 1) {
    write(second)
    await sleep(Math.max(0, startMs + second * 1_000 - performance.now()))
  }
  const tookMs = performance.now() - startMs
  return {
    server: (100 * (treeCpuMs(server.pid) - before.server)) / tookMs,
    hosts: (100 * (hostsMs() - before.hosts)) / tookMs,
  }
}
