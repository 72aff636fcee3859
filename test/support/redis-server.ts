/** A real redis-server of a test: its own port and directory, an append-only file, and all that can befall it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import { removeFolder } from './remove-folder.ts'
import { until } from './until.ts'

export interface RedisOptions {
  /** One of a cluster, which others make; refuses whatever would touch two slots. */
  readonly cluster?: 'member'
  /** More of its configuration, as on its command line: `['--maxmemory', '3mb']`. */
  readonly args?: readonly string[]
  /** A sentinel, with this configuration, instead of a store. */
  readonly sentinelFile?: string
}

/** Another one that speaks as Redis does, such as valkey-server, if the tester names it. */
const program = process.env['FARGLASS_REDIS_SERVER'] ?? 'redis-server'

/** Starts one. Resolves when it answers. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-redis-'))
  const server = new RedisServer(directory, await freePort(), options)
  try {
    await server.start()
  } catch (thrown) {
    await server[Symbol.asyncDispose]()
    throw thrown
  }
  return server
}

export class RedisServer implements AsyncDisposable {
  readonly directory: string
  readonly port: number
  readonly #options: RedisOptions
  #child: ChildProcess | undefined

  constructor(directory: string, port: number, options: RedisOptions) {
    this.directory = directory
    this.port = port
    this.#options = options
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  get logFile(): string {
    return join(this.directory, 'redis.log')
  }

  /** Starts it again, with what its append-only file holds. */
  async start(): Promise<void> {
    const child = spawn(program, this.#args(), { stdio: 'ignore' })
    this.#child = child
    await until('redis answers', async () => {
      if (child.exitCode !== null) throw new Error(await readFile(this.logFile, 'utf8'))
      return (await this.cli('PING').catch(() => '')) === 'PONG'
    })
  }

  /** One command by redis-cli, which answers in text; rejects with an error of Redis. */
  async cli(...command: readonly string[]): Promise<string> {
    const args = ['-e', '-h', '127.0.0.1', '-p', String(this.port), ...command]
    const { stdout } = await promisify(execFile)('redis-cli', args, { timeout: 10_000 })
    return stdout.trimEnd()
  }

  /** Ends it in order, so that all of it is on the disk. */
  stop(): Promise<void> {
    return this.#end('SIGTERM')
  }

  /** As when its machine loses power, but for what the system still writes. */
  kill(): Promise<void> {
    return this.#end('SIGKILL')
  }

  /** It takes connections and answers nothing. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    await removeFolder(this.directory)
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    child.kill('SIGCONT')
    await exit
  }

  #args(): string[] {
    const { cluster, args = [], sentinelFile } = this.#options
    const place = {
      port: this.port,
      bind: '127.0.0.1',
      dir: this.directory,
      logfile: this.logFile,
      daemonize: 'no',
    }
    if (sentinelFile !== undefined) return [sentinelFile, '--sentinel', ...flagsOf(place), ...args]
    const own = {
      ...place,
      appendonly: 'yes',
      appendfsync: 'everysec',
      save: '',
      'cluster-enabled': cluster === 'member' ? 'yes' : 'no',
    }
    return [...flagsOf(own), ...args]
  }
}

function flagsOf(settings: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`])
}
