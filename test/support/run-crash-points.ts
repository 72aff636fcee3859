/** Crash-point enumeration of a whole run: the server killed at its n-th write or sync, then started again. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HttpApi } from '../../src/client/http-api.ts'
import type { Run } from '../../src/shared/run.ts'
import { startFarglass } from './farglass.ts'
import { isAlive } from './proc.ts'
import type { Sshd } from './sshd.ts'
import { attachStrace } from './strace.ts'
import { until } from './until.ts'

export interface RunCrashReport {
  /** False when the run has fewer writes than that: it came to its end undisturbed. */
  readonly wasKilled: boolean
  /** How often the command ran on the host: once, or not at all when the kill came before it. */
  readonly starts: number
}

const linesMax = 50
const patienceMs = 60_000

/**
 * A durable run of 50 lines on the host. Throws when the command ran twice, when it ran and a line
 * is missing, doubled or out of place afterwards, or when it did not run and the run claims success.
 */
export async function crashRunAt(n: number, sshd: Sshd): Promise<RunCrashReport> {
  const directory = mkdtempSync(join(tmpdir(), 'farglass-point-'))
  try {
    const counter = join(directory, 'starts')
    const { run, texts, wasKilled } = await runKilledAt(n, { sshd, directory, counter })
    const starts = read(counter).length
    if (starts > 1) throw new Error(`the command ran ${starts} times`)
    check(run, texts, starts)
    return { wasKilled, starts }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

interface Place {
  readonly sshd: Sshd
  readonly directory: string
  readonly counter: string
}

async function runKilledAt(n: number, { sshd, directory, counter }: Place) {
  const dataDirectory = join(directory, 'data')
  const { sshConfigFile } = sshd
  await using server = await startFarglass({ sshConfigFile, dataDirectory, auth: 'none' })
  const files = ['', '-wal'].map((end) => join(dataDirectory, `farglass.sqlite${end}`))
  const inject = `write,pwrite64,fsync,fdatasync,ftruncate:signal=SIGKILL:when=${n}`
  const command = `printf s >> ${counter}; for i in $(seq ${linesMax}); do echo line $i; sleep 0.01; done`
  const source = { kind: 'command', command } as const
  const { pid } = server
  const start = () => server.api.start({ target: sshd.alias, mode: 'durable', source }, 'same')
  let ended: Run | undefined
  {
    await using _strace = await attachStrace(pid, { inject, paths: files })
    const { id } = await start().catch(() => ({ id: '' }))
    await until(
      'killed or over',
      async () => {
        if (!isAlive(pid)) return true
        ended = await endOf(server.api, id)
        return ended !== undefined
      },
      patienceMs,
    )
  }
  const wasKilled = ended === undefined
  if (wasKilled) await server.restart()
  // Whoever got no answer asks again with the same key: the same run, or its first start.
  const { id } = await start()
  const run = ended ?? (await until('the run is over', () => endOf(server.api, id), patienceMs))
  const { lines } = await server.api.lines(id, 0, 1_000)
  lines.forEach(({ pos }, at) => {
    if (pos !== at) throw new Error(`position ${pos} stands at place ${at}`)
  })
  const texts = lines.filter(({ channel }) => channel === 'out').map(({ text }) => text)
  return { run, texts, wasKilled }
}

function check(run: Run, texts: readonly string[], starts: number): void {
  const wanted = Array.from({ length: starts * linesMax }, (_, at) => `line ${at + 1}`)
  if (texts.join() !== wanted.join()) {
    throw new Error(`${starts} starts, and the stored lines are ${texts.join()}`)
  }
  if ((run.outcome === 'succeeded') !== (starts === 1)) {
    throw new Error(`${starts} starts, and the run is ${run.outcome}: ${run.tasks[0]?.message}`)
  }
}

/** Undefined while it has not ended, and while nobody answers. */
async function endOf(api: HttpApi, id: string): Promise<Run | undefined> {
  const run = await api.get(id).catch(() => undefined)
  return run?.state === 'ended' ? run : undefined
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
