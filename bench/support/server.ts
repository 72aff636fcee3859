/** The built product as its user runs it: `farglass serve` in its own process, with a data folder of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { RunRequest } from '../../src/shared/protocol/requests.ts'
import type { Run } from '../../src/shared/run.ts'
import { valueOf } from '../../test/support/exposition-parser.ts'
import { figuresAt } from '../../test/support/figures.ts'
import type { Sshd } from '../../test/support/sshd.ts'
import { until } from '../../test/support/until.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const main = join(root, 'dist/app/main.js')

export interface BenchServer extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** From spawn to the line with the address. */
  readonly readyMs: number
  /** Ends it as a crash of its machine does. */
  kill(): Promise<void>
  /** One figure of its `/metrics`. */
  figure(name: string, labels?: Readonly<Record<string, string>>): Promise<number>
  start(request: RunRequest): Promise<Run>
  get(id: string): Promise<Run>
  stop(id: string): Promise<Run>
}

export interface ServerOptions {
  /** The data folder is made in it and removed afterwards. */
  readonly folder: string
  readonly sshd: Sshd
  readonly sync: 'full' | 'interval'
  /** A data folder that was prepared; removed afterwards as well. */
  readonly data?: string
  /** Address of the Redis that it shares with others, in place of a store on the disk. */
  readonly redis?: string
}

/** Resolves when it says where to open it. */
export async function startServer(options: ServerOptions): Promise<BenchServer> {
  const data = options.data ?? (await mkdtemp(join(options.folder, 'data-')))
  const startedMs = performance.now()
  const flags = ['--port', '0', '--auth', 'none', '--sync', options.sync, '--data', data]
  const args = [main, 'serve', ...flags, '--ssh-config', options.sshd.sshConfigFile]
  const env = { ...process.env, ...(options.redis && { FARGLASS_REDIS: options.redis }) }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let url: string | undefined
  createInterface({ input: child.stdout }).on('line', (line) => {
    url ??= /http:\/\/[^\s/#]+/.exec(line)?.[0]
  })
  const address = await until('the server says its address', () => {
    if (child.exitCode !== null) throw new Error(`serve ended with status ${child.exitCode}.`)
    return url
  })
  const readyMs = performance.now() - startedMs
  return {
    url: address,
    pid: child.pid ?? -1,
    readyMs,
    kill: async () => {
      if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit')
    },
    figure: async (name, labels) => valueOf(await figuresAt({ url: address }), name, labels),
    start: (request) => call(`${address}/api/v1/runs`, request),
    get: (id) => call(`${address}/api/v1/runs/${id}`),
    stop: (id) => call(`${address}/api/v1/runs/${id}/stop`, {}),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGTERM'))
        await once(child, 'exit')
      await rm(data, { recursive: true, force: true })
    },
  }
}

async function call(url: string, body?: object): Promise<Run> {
  const request = body
    ? {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }
    : {}
  const response = await fetch(url, request)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`)
  // SAFETY: the bench measures its own server; a wrong shape shows at once in the figures.
  return JSON.parse(text) as Run
}
