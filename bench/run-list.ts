/** Claim: what every page asks for each 15 seconds costs next to nothing, however many hosts its runs have. */
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { openSqliteStore } from '../src/adapters/sqlite/sqlite-store.ts'
import { newTask } from '../src/core/runs/task-state.ts'
import type { Task } from '../src/shared/run.ts'
import { sampleRun } from '../test/support/sample-run.ts'
import { type BenchContext, type Claim, type Figure, repeat, rowsOf } from './support/claim.ts'
import { treeCpuMs } from './support/cost.ts'
import { type BenchServer, startServer } from './support/server.ts'

export const runList: Claim = { name: 'run-list', measure }

const runs = 50
const hosts = 200
const time = '2026-01-01T00:00:00.000Z'

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const data = await mkdtemp(join(context.folder, 'data-'))
  await makeRuns(data)
  const { folder, sshd } = context
  await using server = await startServer({ folder, sshd, sync: 'full', data })
  const asks = context.quick ? 20 : 200
  const table = rowsOf(`a list of ${runs} runs on ${hosts} hosts each`)
  const figures: Figure[] = []
  for (const { what, query, isKnown } of lists) {
    const turns = await repeat(context.repeats, () => ask(server, { query, isKnown, asks }))
    const row = (unit: string, of: 'kilobytes' | 'cpuMs') =>
      table.row(
        `${what}, ${unit === 'KB' ? 'size' : 'CPU of the server'}`,
        unit,
        turns.map((turn) => turn[of]),
      )
    figures.push(row('KB', 'kilobytes'), row('ms', 'cpuMs'))
  }
  return figures
}

const lists = [
  { what: 'with all tasks (`tasks=true`)', query: '?tasks=true', isKnown: false },
  { what: 'as the page asks for it', query: '', isKnown: false },
  { what: 'the same while nothing has changed', query: '', isKnown: true },
]

interface Asked {
  readonly kilobytes: number
  readonly cpuMs: number
}

async function ask(
  server: BenchServer,
  {
    query,
    isKnown,
    asks,
  }: { readonly query: string; readonly isKnown: boolean; readonly asks: number },
): Promise<Asked> {
  const url = `${server.url}/api/v1/runs${query}`
  const first = await fetch(url)
  await first.arrayBuffer()
  const headers = isKnown ? { 'if-none-match': first.headers.get('etag') ?? '' } : {}
  const before = treeCpuMs(server.pid)
  let bytes = 0
  for (let turn = 0; turn < asks; turn++) {
    const answer = await fetch(url, { headers })
    if (answer.status !== (isKnown ? 304 : 200)) throw new Error(`list: ${answer.status}`)
    bytes += (await answer.arrayBuffer()).byteLength
  }
  return { kilobytes: bytes / asks / 1_000, cpuMs: (treeCpuMs(server.pid) - before) / asks }
}

/** Ended runs, one host of each with a failure. */
async function makeRuns(directory: string): Promise<void> {
  await using store = await openSqliteStore({ directory, sync: 'interval' })
  for (let at = 0; at < runs; at++) {
    const tasks = Array.from({ length: hosts }, (_, id) => endedTask(id))
    const ended = { state: 'ended', outcome: 'failed', endedAt: time } as const
    const id = `r${String(at).padStart(25, '0')}`
    const source = {
      kind: 'command',
      command: 'systemctl restart app && journalctl -u app',
    } as const
    const target = `web-[1-${hosts}]`
    await store.catalog.create(sampleRun({ id, target, source, ...ended, tasks }), 'bench')
  }
}

function endedTask(id: number): Task {
  const over = {
    state: 'ended',
    exitCode: id === 7 ? 1 : 0,
    startedAt: time,
    endedAt: time,
  } as const
  return { ...newTask(id, `web-${id + 1}`), ...over, outBytes: 1_234 }
}
