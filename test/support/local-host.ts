/** The RemoteHost port without a network: each session is a real local shell, as sshd starts it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelBytes, RemoteChannel, RemoteHost } from '../../src/core/remote/remote-host.ts'
import type { SourceChannel } from '../../src/shared/channel.ts'

export interface LocalHost extends RemoteHost {
  /** Sessions opened so far, oldest first. */
  readonly sessions: readonly LocalSession[]
}

export interface LocalSession extends RemoteChannel {
  readonly child: ChildProcessWithoutNullStreams
  /** What kill -9 of ssh, or of the server, does to the host: all pipes close, nobody is told. */
  cut(): void
}

/** `shell` is the argv of the host's sh: `['dash']`, `['busybox', 'sh']`. */
export function localHost(shell: readonly string[], env: NodeJS.ProcessEnv = {}): LocalHost {
  const sessions: LocalSession[] = []
  return {
    sessions,
    findings: {},
    open({ script, tty }) {
      const session = openSession({ shell, script, tty, env })
      sessions.push(session)
      return Promise.resolve(session)
    },
    async [Symbol.asyncDispose]() {
      for (const session of sessions) await session[Symbol.asyncDispose]()
    },
  }
}

interface SessionOptions {
  readonly shell: readonly string[]
  readonly script: string
  readonly tty: boolean
  readonly env: NodeJS.ProcessEnv
}

function openSession({ shell, script, tty, env }: SessionOptions): LocalSession {
  const inTerminal = `exec ${shell.join(' ')} -c '${readScript}'`
  const [file = '', ...rest] = tty ? ['script', '-qfec', inTerminal, '/dev/null'] : [...shell, '-s']
  const child = spawn(file, rest, {
    detached: true,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], SHELL: '/bin/sh', ...env },
  })
  child.stdin.on('error', () => {})
  child.on('error', () => {})
  // Else Node throws away what nobody has read yet when the process ends.
  for (const stream of [child.stdout, child.stderr]) stream.on('readable', () => {})
  if (!tty) child.stdin.write(script)
  let isCut = false
  const cut = () => {
    isCut = true
    child.stdin.destroy()
    child.stdout.destroy()
    child.stderr.destroy()
    if (tty) child.kill('SIGKILL')
  }
  const output = untilExit(child, () => isCut)
  const send = () => {
    child.stdin.write(`${Buffer.byteLength(script)}`.padEnd(8))
    child.stdin.write(script)
  }
  return {
    child,
    output: tty ? afterReady(output, send) : output,
    get status() {
      return child.exitCode === 255 ? null : child.exitCode
    },
    send: (text) => void child.stdin.write(text),
    end: () => void child.stdin.end(),
    cut,
    [Symbol.asyncDispose]() {
      cut()
      return Promise.resolve()
    },
  }
}

/** `dd` and not `read`: bash reads a terminal ahead. Says when the terminal has stopped echoing. */
const readScript =
  'stty raw -echo; echo ready; n=$(dd bs=1 count=8 2>/dev/null); s=$(dd bs=1 count=$n 2>/dev/null); eval "$s"'
const readyMark = 'ready\n'

/** Sends the script once the terminal is ready for it. Nothing else comes before. */
async function* afterReady(
  output: AsyncIterable<ChannelBytes>,
  send: () => void,
): AsyncGenerator<ChannelBytes> {
  let before: string | null = ''
  for await (const piece of output) {
    if (before === null) {
      yield piece
      continue
    }
    before += Buffer.from(piece.bytes).toString()
    if (before !== readyMark) continue
    before = null
    send()
  }
}

/** The exit is told a moment after the outputs have ended. A session that was cut has none. */
async function* untilExit(
  child: ChildProcessWithoutNullStreams,
  isCut: () => boolean,
): AsyncGenerator<ChannelBytes> {
  yield* merge([
    ['out', child.stdout],
    ['err', child.stderr],
  ])
  child.stdin.end()
  const isOpen = child.exitCode === null && child.signalCode === null
  if (isOpen && !isCut()) await Promise.race([once(child, 'exit'), sleep(1_000)])
}

/** Both streams in arrival order; a stream that is not read is paused by its own buffer. */
async function* merge(
  sources: readonly (readonly [SourceChannel, Readable])[],
): AsyncGenerator<ChannelBytes> {
  const open = new Set(sources)
  while (open.size > 0) {
    let idle = true
    for (const source of open) {
      const [channel, stream] = source
      const bytes = stream.read() as Buffer | null
      if (bytes !== null) {
        idle = false
        yield { channel, bytes }
      } else if (stream.readableEnded || stream.destroyed) {
        open.delete(source)
      }
    }
    if (idle && open.size > 0) await anyChange([...open].map(([, stream]) => stream))
  }
}

async function anyChange(streams: readonly Readable[]): Promise<void> {
  const waiting = new AbortController()
  const { signal } = waiting
  const changes = streams.flatMap((stream) =>
    ['readable', 'end', 'close'].map((name) => once(stream, name, { signal })),
  )
  for (const change of changes) change.catch(() => {})
  try {
    if (streams.some((stream) => stream.readableLength > 0 || stream.destroyed)) return
    await Promise.race(changes)
  } finally {
    waiting.abort()
  }
}
