/** Connections: shared, limited, lost, and gone when they should be. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import type { Clock } from '../../src/core/clock.ts'
import { parseDestination } from '../../src/shared/destination.ts'
import { AppError } from '../../src/shared/errors.ts'
import { limits } from '../../src/shared/limits.ts'
import { removeFolder } from '../support/remove-folder.ts'
import {
  collect,
  masterCount,
  runScript,
  sshProcesses,
  startClient,
} from '../support/ssh-client.ts'
import { canHaveTerminals, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

const hello = '{ echo hello; exit; }\n'

test('all sessions of a host share one login', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  const hosts = await Promise.all(Array.from({ length: 5 }, () => client.connect(sshd.alias)))
  const outs = await Promise.all(hosts.map((host) => runScript(host, hello)))
  expect(outs.map(({ out }) => out)).toEqual(Array.from({ length: 5 }, () => 'hello\n'))
  expect((await sshd.log()).match(/Accepted publickey/g)?.length).toBe(1)
  expect(masterCount(client.directory)).toBe(1)
})

test('who joins a login that another one gives up asks for himself', async () => {
  await using sshd = await startSshd({ known: false })
  await using client = await startClient(sshd.sshConfigFile)
  const giveUp = new AbortController()
  const first = client.connect(sshd.alias, { answers: ['never'], signal: giveUp.signal })
  const second = client.connect(sshd.alias, { answers: ['trust'] })
  await until('the first one asks', () => client.asked.length === 1)
  giveUp.abort(new AppError('conflict', 'The run was stopped.'))
  await expect(first).rejects.toMatchObject({ code: 'conflict' })
  await using host = await second
  expect((await runScript(host, hello)).out).toBe('hello\n')
  expect(client.asked.length).toBe(2)
})

test('another user on the same host is another login', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using _one = await client.connect(sshd.alias)
  await using _two = await client.connect(`${sshd.user}@${sshd.alias}`)
  expect(masterCount(client.directory)).toBe(2)
})

test('12 sessions at MaxSessions 10 all run, over two connections', async () => {
  await using sshd = await startSshd({ sshdConfig: ['MaxSessions 10'] })
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  const script = '{ echo up; cat; }\n'
  const open = await Promise.all(
    Array.from({ length: 12 }, () => host.open({ script, tty: false })),
  )
  const all = open.map((channel) => collect(channel))
  await until(
    '12 shells run',
    () => sshd.processes().filter((one) => one.command === 'cat').length === 12,
  )
  expect(masterCount(client.directory)).toBe(2)
  for (const channel of open) channel.end()
  expect(await Promise.all(all)).toEqual(open.map(() => ({ out: 'up\n', err: '' })))
})

test('a host with MaxSessions 1 still runs 3 sessions, each started once', async () => {
  await using sshd = await startSshd({ sshdConfig: ['MaxSessions 1'] })
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  const script = `{ echo x >>${sshd.directory}/started; cat; }\n`
  const open = await Promise.all(Array.from({ length: 3 }, () => host.open({ script, tty: false })))
  const all = open.map((channel) => collect(channel))
  await until(
    '3 shells run',
    () => sshd.processes().filter((one) => one.command === 'cat').length === 3,
  )
  for (const channel of open) channel.end()
  expect(await Promise.all(all)).toEqual(open.map(() => ({ out: '', err: '' })))
  expect((await stat(join(sshd.directory, 'started'))).size).toBe(6)
})

test('a host that refuses every session says so, and ssh never logs in by itself', async () => {
  await using sshd = await startSshd({ sshdConfig: ['MaxSessions 0'] })
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  const { out, err } = await runScript(host, hello)
  expect(out).toBe('')
  expect(err).toContain('Session open refused by the host: open failed')
  expect((await sshd.log()).match(/Accepted publickey/g)?.length).toBe(1)
})

test('40 connections at once at MaxStartups 10:30:100 all succeed', async () => {
  const aliases = Array.from({ length: 40 }, (_, n) => `web-${n}`)
  await using sshd = await startSshd({ aliases, sshdConfig: ['MaxStartups 10:30:100'] })
  await using client = await startClient(sshd.sshConfigFile)
  const hosts = await Promise.all(aliases.map((alias) => client.connect(alias)))
  expect(masterCount(client.directory)).toBe(40)
  const outs = await Promise.all(hosts.map((host) => runScript(host, hello)))
  expect(outs.filter(({ out }) => out === 'hello\n').length).toBe(40)
})

test('IPv6', async () => {
  await using sshd = await startSshd({ listen: '::1' })
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(`${sshd.user}@[::1]:${sshd.port}`)
  expect((await runScript(host, hello)).out).toBe('hello\n')
})

test('a connection that is cut ends its sessions with the reason, and the next one logs in anew', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  await using channel = await host.open({ script: '{ echo up; cat; }\n', tty: false })
  const output = channel.output[Symbol.asyncIterator]()
  expect((await output.next()).value).toMatchObject({ channel: 'out', bytes: Buffer.from('up\n') })
  await sshd.killSessions()
  await expect(output.next()).rejects.toMatchObject({
    code: 'connection-lost',
    message: expect.stringContaining(
      `The connection to host "${sshd.alias}" was lost. ssh said: "Connection `,
    ),
  })
  expect((await runScript(host, hello)).out).toBe('hello\n')
})

test('a master that is killed ends all its sessions', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  const open = await Promise.all([1, 2, 3].map(() => host.open({ script: 'cat\n', tty: false })))
  const ends = open.map((channel) => collect(channel).catch((error: unknown) => error))
  await until('3 shells run', () => sshd.processes().length >= 3)
  for (const { pid, command } of sshProcesses(client.directory)) {
    if (command.includes(' -M -N ')) process.kill(pid, 'SIGKILL')
  }
  for (const end of await Promise.all(ends)) expect(end).toMatchObject({ code: 'connection-lost' })
})

test('a host that stops answering is noticed by keepalive', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  await using channel = await host.open({ script: 'cat\n', tty: false })
  await until('the shell runs', () => sshd.processes().length > 0)
  for (const { pid } of sshd.sessions()) process.kill(pid, 'SIGSTOP')
  await expect(collect(channel)).rejects.toMatchObject({
    code: 'connection-lost',
    message: expect.stringContaining('not responding'),
  })
})

test('an idle connection is kept for the next run and closed after its time', async () => {
  const idle = manualIdle()
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile, idle.clock)
  const first = await client.connect(sshd.alias)
  await runScript(first, hello)
  await first[Symbol.asyncDispose]()
  const second = await client.connect(sshd.alias)
  expect(masterCount(client.directory)).toBe(1)
  expect((await sshd.log()).match(/Accepted publickey/g)?.length).toBe(1)
  await second[Symbol.asyncDispose]()
  idle.passIdle()
  await until('the connection is closed', () => masterCount(client.directory) === 0)
  await using third = await client.connect(sshd.alias)
  expect((await runScript(third, hello)).out).toBe('hello\n')
})

test('disposal leaves no process, no socket and nothing on the host', async () => {
  await using sshd = await startSshd()
  const client = await startClient(sshd.sshConfigFile)
  const host = await client.connect(sshd.alias)
  const plain = await host.open({ script: '{ echo up; exec sleep 1000; }\n', tty: false })
  const terminal = { script: '{ echo up; exec sleep 1001; }\n', tty: canHaveTerminals }
  const tty = await host.open(terminal)
  const outputs = [plain, tty].map((channel) => collect(channel).catch(() => undefined))
  await until('both run', () => sshd.processes().length >= 2)
  await client.hosts[Symbol.asyncDispose]()
  await Promise.all(outputs)
  expect(sshProcesses(client.directory)).toEqual([])
  expect(readdirSync(client.directory)).toEqual([])
  await until('sshd sees the end', () => sshd.sessions().length === 0)
  const isUp = () => sshd.processes().some((one) => one.command === 'sleep 1001')
  if (canHaveTerminals) await until('the terminal hung up', () => !isUp())
  await client[Symbol.asyncDispose]()
  await expect(client.connect(sshd.alias)).rejects.toMatchObject({ code: 'shutting-down' })
})

test('disposal does not wait for a person', async () => {
  await using sshd = await startSshd({ known: false })
  const client = await startClient(sshd.sshConfigFile)
  const connecting = client.connect(sshd.alias, { answers: ['never'] })
  await until('the question is there', () => client.asked.length === 1)
  await Promise.all([
    expect(connecting).rejects.toMatchObject({ code: 'shutting-down' }),
    client.hosts[Symbol.asyncDispose](),
  ])
  await until('all ssh processes end', () => sshProcesses(client.directory).length === 0)
  await client[Symbol.asyncDispose]()
})

test('when Farglass itself is killed while it asks, nothing waits for ever', async () => {
  await using sshd = await startSshd({ known: false })
  const directory = await mkdtemp(join(tmpdir(), 'fgt-'))
  const server = await startServer(directory, sshd.sshConfigFile)
  await until('it asks', () =>
    sshProcesses(directory).some(({ command }) => command.includes('askpass.mjs')),
  )
  server.kill('SIGKILL')
  await until('all ssh processes end', () => sshProcesses(directory).length === 0)
  await until('sshd sees the end', () => sshd.sessions().length === 0)
  expect(await sshd.log()).not.toContain('userauth-request')
  await removeFolder(directory)
})

test('when Farglass itself is killed, its ssh processes and sockets go with it', async () => {
  await using sshd = await startSshd()
  const directory = await mkdtemp(join(tmpdir(), 'fgt-'))
  const server = await startServer(directory, sshd.sshConfigFile)
  await until('a session runs', () => sshd.processes().length > 0)
  expect(sshProcesses(directory).length).toBeGreaterThan(2)
  server.kill('SIGKILL')
  await until('all ssh processes end', () => sshProcesses(directory).length === 0)
  await until(
    'the sockets are removed',
    () => !existsSync(join(directory, 'run')) || readdirSync(join(directory, 'run')).length === 0,
  )
  await until('sshd sees the end', () => sshd.sessions().length === 0)
  await removeFolder(directory)
})

test('what is not read pauses the host, and nothing is lost of both channels', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  const bytes = 64 * 1024 * 1024
  const script = `{ head -c 3000000 /dev/zero >&2; head -c ${bytes} /dev/zero; exit; }\n`
  await using channel = await host.open({ script, tty: false })
  const seen = { out: 0, err: 0 }
  const before = process.memoryUsage.rss()
  let held = false
  for await (const { channel: name, bytes: piece } of channel.output) {
    seen[name] += piece.length
    if (held || seen.out < 1_000_000) continue
    held = true
    // Time in which a session that is not paused would send everything.
    await systemClock.sleep(1_000)
    expect(process.memoryUsage.rss() - before).toBeLessThan(32 * 1024 * 1024)
    expect(sshd.processes().some(({ command }) => command.startsWith('head '))).toBe(true)
  }
  expect(seen).toEqual({ out: bytes, err: 3_000_000 })
})

test('advisory-cve-2026-4631: what ssh could read as an option is refused before any process', () => {
  const hostile = [
    '-oProxyCommand=id',
    'me@-oProxyCommand=id',
    '-oProxyCommand=id@web-1',
    '-l@web-1',
    'web-1:-p',
    'web-1:22 -oX',
    'web 1',
    'a b@web-1',
  ]
  expect(hostile.map(codeOf)).toEqual(hostile.map(() => 'bad-target'))
})

test('advisory-cve-2023-51385: what a ProxyCommand could run is refused in host and user', () => {
  const shell = '\'"`$\\;&<>(){}|\n!*?~#%'.split('')
  const hostile = shell.flatMap((one) => [`web${one}1`, `a${one}b@web-1`])
  expect(hostile.map(codeOf)).toEqual(hostile.map(() => 'bad-target'))
})

test('a destination that was not parsed cannot become an option either', async () => {
  await using client = await startClient('/dev/null')
  const destination = { text: 'x', user: null, name: '-oProxyCommand=touch x', port: null }
  const request = { destination, ask: () => Promise.reject(new Error('nobody')) }
  const connecting = client.hosts.connect(request, new AbortController().signal)
  await expect(connecting).rejects.toMatchObject({ code: 'bad-target' })
})

/** The code with which a destination is refused; undefined when it is taken. */
function codeOf(text: string): string | undefined {
  try {
    parseDestination(text)
    return undefined
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : undefined
  }
}

/** Real time, but for the idle timer, which a test lets pass. */
function manualIdle(): { readonly clock: Clock; passIdle(): void } {
  const idle = new Set<() => void>()
  const after = (ms: number, action: () => void) => {
    if (ms !== limits.connectionIdleMs) return systemClock.after(ms, action)
    idle.add(action)
    return () => void idle.delete(action)
  }
  return {
    clock: { ...systemClock, after },
    passIdle() {
      for (const action of idle) action()
    },
  }
}

/** A process of its own that holds a connection with a session. */
async function startServer(directory: string, config: string): Promise<ChildProcess> {
  const source = (path: string) => JSON.stringify(resolve(import.meta.dirname, '../../src', path))
  const program = join(directory, 'server.mts')
  await writeFile(
    program,
    `import { createOpenSshHosts } from ${source('adapters/openssh/openssh-hosts.ts')}
import { systemClock } from ${source('adapters/system/clock.ts')}
import { parseDestination } from ${source('shared/destination.ts')}
const hosts = await createOpenSshHosts({
  runtimeDir: ${JSON.stringify(join(directory, 'run'))}, sshConfigFile: ${JSON.stringify(config)}, clock: systemClock })
const host = await hosts.connect(
  { destination: parseDestination('web-1'), ask: () => new Promise(() => undefined) },
  new AbortController().signal)
const channel = await host.open({ script: 'cat\\n', tty: false })
for await (const _ of channel.output) {}
`,
  )
  const server = spawn(process.execPath, ['--import', 'tsx', program], {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: resolve(import.meta.dirname, '../..'),
  })
  await once(server, 'spawn')
  return server
}
