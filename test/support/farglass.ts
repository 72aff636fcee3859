/** The real program as a child process: `serve` with its own data directory, and single commands. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { createHttpApi, type HttpApi } from '../../src/client/http-api.ts'
import { removeFolder } from './remove-folder.ts'
import { until } from './until.ts'

export interface FarglassOptions {
  readonly sshConfigFile?: string
  readonly auth?: 'token' | 'none'
  readonly sync?: 'full' | 'interval'
  readonly demo?: boolean
  /** Further flags of `serve`. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** One made by the caller, who also removes it. */
  readonly dataDirectory?: string
  /** Words of a program that becomes the server once it has done its own: `prlimit --nofile=64`. */
  readonly under?: readonly string[]
}

export interface Farglass extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly dataDirectory: string
  /** API token of the data directory. */
  readonly token: string
  readonly api: HttpApi
  /** A fresh address that signs one browser in. */
  link(): string
  stdout(): string
  stderr(): string
  /** Resolves with the exit status or the name of the signal that ended it. */
  kill(signal?: NodeJS.Signals): Promise<number | string>
  /** Starts it again on the same data directory and port; ends it first when it still runs. */
  restart(): Promise<void>
}

/** Starts `farglass serve` on a free port and resolves once it has printed its line. */
export async function startFarglass(options: FarglassOptions = {}): Promise<Farglass> {
  const dataDirectory = options.dataDirectory ?? (await makeDataDirectory())
  const server = new RunningFarglass(options, dataDirectory)
  try {
    await server.start(0)
  } catch (thrown) {
    await server[Symbol.asyncDispose]()
    throw thrown
  }
  return server
}

/** An empty directory for `--data`; the caller removes it. */
export function makeDataDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'fg-data-'))
}

export interface CliOptions {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** Gives the command a terminal of its own (script(1)): both outputs then come as `stdout`. */
  readonly tty?: boolean
}

export interface CliResult {
  /** Null when a signal ended it. */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Buffer
  readonly stderr: string
}

export interface RunningCli {
  readonly pid: number
  /** Text so far. */
  stdout(): string
  stderr(): string
  /** Types into its standard input or terminal. */
  type(text: string): void
  kill(signal: NodeJS.Signals): void
  /** Closes our end of its standard output, as `| head` does. */
  closeOutput(): void
  readonly done: Promise<CliResult>
}

/** Runs one command to its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const cli = startCli(args, options)
  if (options.tty !== true) cli.type(options.input ?? '')
  if (options.tty !== true) cli.endInput()
  return cli.done
}

/** Starts one command; its standard input stays open. */
export function startCli(
  args: readonly string[],
  options: CliOptions = {},
): RunningCli & { endInput(): void } {
  const [program, ...words] = commandOf(args, options.tty === true)
  const env = environmentOf(options.env)
  // Detached: a session of its own, so that it finds no terminal to ask the tester on.
  const child = spawn(program, words, { env, stdio: 'pipe', detached: true })
  endWithTests(child)
  const output = collect(child.stdout)
  const errors = collect(child.stderr)
  child.stdin.on('error', () => {})
  const done = once(child, 'close').then(
    ([status, signal]: (number | NodeJS.Signals | null)[]): CliResult => ({
      status: typeof status === 'number' ? status : null,
      signal: typeof signal === 'string' ? signal : null,
      stdout: Buffer.concat(output),
      stderr: Buffer.concat(errors).toString(),
    }),
  )
  return {
    pid: child.pid ?? -1,
    stdout: () => Buffer.concat(output).toString(),
    stderr: () => Buffer.concat(errors).toString(),
    type: (text) => {
      child.stdin.write(text)
    },
    endInput: () => {
      child.stdin.end()
    },
    kill: (signal) => {
      child.kill(signal)
    },
    closeOutput: () => {
      child.stdout.destroy()
    },
    done,
  }
}

class RunningFarglass implements Farglass {
  readonly dataDirectory: string
  readonly #options: FarglassOptions
  #child: ChildProcessByStdio<Writable, Readable, Readable> | null = null
  #stdout: Buffer[] = []
  #stderr: Buffer[] = []
  #port = 0

  constructor(options: FarglassOptions, dataDirectory: string) {
    this.#options = options
    this.dataDirectory = dataDirectory
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get port(): number {
    return this.#port
  }

  get pid(): number {
    return this.#child?.pid ?? -1
  }

  get token(): string {
    return readFileSync(join(this.dataDirectory, 'api-token'), 'utf8').trim()
  }

  get api(): HttpApi {
    const token = this.#options.auth === 'none' ? {} : { token: this.token }
    return createHttpApi({ baseUrl: this.url, ...token })
  }

  link(): string {
    return readFileSync(join(this.dataDirectory, 'link'), 'utf8').trim()
  }

  stdout(): string {
    return Buffer.concat(this.#stdout).toString()
  }

  stderr(): string {
    return Buffer.concat(this.#stderr).toString()
  }

  async start(port: number): Promise<void> {
    const { under = [] } = this.#options
    const [program = '', ...args] = [...under, ...commandOf(this.#arguments(port), false)]
    const env = environmentOf(this.#options.env)
    const child = spawn(program, args, { env, stdio: 'pipe', detached: true })
    this.#child = child
    endWithTests(child)
    this.#stdout = collect(child.stdout)
    this.#stderr = collect(child.stderr)
    const line = await until('farglass serve is ready', () => {
      if (child.exitCode !== null) throw new Error(`It ended: ${this.stderr()}`)
      return this.stdout().includes('\n') && this.stdout()
    })
    this.#port = Number(/http:\/\/[^/]*:([0-9]+)\//.exec(line)?.[1])
  }

  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    const child = this.#child
    if (child === null) return 'not running'
    this.#child = null
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit')
      child.kill(signal)
      await exit
    }
    return child.exitCode ?? child.signalCode ?? 'unknown'
  }

  async restart(): Promise<void> {
    await this.kill()
    await this.start(this.#port)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    if (this.#options.dataDirectory === undefined) {
      await removeFolder(this.dataDirectory)
    }
  }

  #arguments(port: number): string[] {
    const { sshConfigFile, auth, sync, demo, args = [] } = this.#options
    return [
      'serve',
      '--port',
      String(port),
      '--data',
      this.dataDirectory,
      ...(sshConfigFile === undefined ? [] : ['--ssh-config', sshConfigFile]),
      ...(auth === undefined ? [] : ['--auth', auth]),
      ...(sync === undefined ? [] : ['--sync', sync]),
      ...(demo === true ? ['--demo'] : []),
      ...args,
    ]
  }
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** A test that fails half-way leaves its commands behind. */
export function endWithTests(child: ChildProcess): void {
  running.add(child)
  child.on('exit', () => running.delete(child))
}

function collect(stream: Readable): Buffer[] {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.on('error', () => {})
  return chunks
}

/** Without the tester's own settings and agent: only what the test gives counts. */
function environmentOf(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !name.startsWith('FARGLASS_') && !name.startsWith('SSH_') && name !== 'NODE_OPTIONS',
  )
  return { ...Object.fromEntries(kept), ...extra }
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The words that start the real program. */
export function programWords(): readonly string[] {
  return program()
}

function commandOf(args: readonly string[], tty: boolean): [string, ...string[]] {
  const command: [string, ...string[]] = [...program(), ...args]
  if (!tty) return command
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  // "exec": a shell between would get Ctrl-C too, and dash dies of it whatever the program answers.
  return ['script', '-qfec', `exec ${quoted}`, '/dev/null']
}

let foundProgram: [string, ...string[]] | undefined

/** The built program when it is as new as its sources, else the sources. */
function program(): [string, ...string[]] {
  const built = join(root, 'dist/app/main.js')
  foundProgram ??= isBuiltFresh()
    ? [process.execPath, built]
    : [process.execPath, '--import', 'tsx', join(root, 'src/app/main.ts')]
  return foundProgram
}

function isBuiltFresh(): boolean {
  return ['shared', 'core', 'adapters', 'http', 'client', 'app'].every((folder) =>
    readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/\.(?:test|d)\.ts$/.test(path))
      .every((path) => {
        const output = join(root, 'dist', folder, path.replace(/\.ts$/, '.js'))
        if (!existsSync(output)) return false
        return statSync(output).mtimeMs >= statSync(join(root, 'src', folder, path)).mtimeMs
      }),
  )
}
