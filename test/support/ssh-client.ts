/** Our OpenSSH adapter in a directory of its own, with a person who answers from a list. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOpenSshHosts } from '../../src/adapters/openssh/openssh-hosts.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import type { Clock } from '../../src/core/clock.ts'
import type {
  AskedQuestion,
  RemoteChannel,
  RemoteHost,
  RemoteHosts,
} from '../../src/core/remote/remote-host.ts'
import { parseDestination } from '../../src/shared/destination.ts'
import { AppError } from '../../src/shared/errors.ts'
import type { Answer } from '../../src/shared/question.ts'
import { Secret } from '../../src/shared/secret.ts'
import { allProcesses, type ProcessFacts } from './proc.ts'
import { removeFolder } from './remove-folder.ts'

export interface SshClient extends AsyncDisposable {
  readonly hosts: RemoteHosts
  readonly directory: string
  /** All questions so far. */
  readonly asked: readonly AskedQuestion[]
  connect(target: string, options?: ConnectOptions): Promise<RemoteHost>
  /** The error with which connecting fails; throws when it works. */
  failure(target: string, options?: ConnectOptions): Promise<AppError>
}

export interface ConnectOptions {
  /** Answers in order; `trust` approves the fingerprint that is shown, `never` lets ssh wait. */
  readonly answers?: readonly (Answer | 'trust' | 'never' | { readonly secret: string } | Error)[]
  /** A typed login. */
  readonly password?: string
  readonly signal?: AbortSignal
}

export async function startClient(
  sshConfigFile: string | null,
  clock: Clock = systemClock,
): Promise<SshClient> {
  const directory = await mkdtemp(join(tmpdir(), 'fgt-'))
  const remove = () => removeFolder(directory)
  const starting = createOpenSshHosts({ runtimeDir: directory, sshConfigFile, clock })
  const hosts = await starting.catch(async (thrown: unknown) => {
    await remove()
    throw thrown
  })
  const asked: AskedQuestion[] = []
  const connect = (target: string, options: ConnectOptions = {}) => {
    const answers = [...(options.answers ?? [])]
    return hosts.connect(
      {
        destination: parseDestination(target),
        ...(options.password === undefined
          ? {}
          : { login: { password: new Secret(options.password) } }),
        ask: async (question) => {
          asked.push(question)
          const planned = answers.shift()
          if (planned === 'never') return new Promise(() => undefined)
          return answerOf(question, planned)
        },
      },
      options.signal ?? new AbortController().signal,
    )
  }
  return {
    hosts,
    directory,
    asked,
    connect,
    async failure(target, options) {
      try {
        await connect(target, options)
      } catch (thrown) {
        if (thrown instanceof AppError) return thrown
        throw thrown
      }
      throw new Error(`Connecting to ${target} should have failed.`)
    },
    async [Symbol.asyncDispose]() {
      await hosts[Symbol.asyncDispose]()
      await remove()
    },
  }
}

/** Local ssh processes that hold a connection, of the client in `directory`. */
export function masterCount(directory: string): number {
  return sshProcesses(directory).filter(({ command }) => / -M -N /.test(command)).length
}

/** All local ssh processes, and helpers of theirs, of the client in `directory`. */
export function sshProcesses(directory: string): ProcessFacts[] {
  return allProcesses().filter(
    ({ command, pid }) => command.includes(directory) && pid !== process.pid,
  )
}

/** Everything that a script prints; rejects as the session's output does. */
export async function runScript(
  host: RemoteHost,
  script: string,
  tty = false,
): Promise<{ readonly out: string; readonly err: string }> {
  await using channel = await host.open({ script, tty })
  return await collect(channel)
}

export async function collect(
  channel: RemoteChannel,
): Promise<{ readonly out: string; readonly err: string }> {
  const parts: { out: Uint8Array[]; err: Uint8Array[] } = { out: [], err: [] }
  for await (const piece of channel.output) parts[piece.channel].push(piece.bytes)
  return {
    out: Buffer.concat(parts.out).toString(),
    err: Buffer.concat(parts.err).toString(),
  }
}

type Planned = NonNullable<ConnectOptions['answers']>[number]

function answerOf(question: AskedQuestion, planned: Exclude<Planned, 'never'> | undefined): Answer {
  if (planned === undefined) throw new AppError('login-timeout', 'Nobody was there to answer.')
  if (planned instanceof Error) throw planned
  if (planned === 'trust') {
    const fingerprint = question.kind === 'host-key' ? question.fingerprint : 'no host key'
    return { kind: 'trust', question: 0, fingerprint }
  }
  return 'kind' in planned ? planned : { kind: 'secret', question: 0, secret: planned.secret }
}
