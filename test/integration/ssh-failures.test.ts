/** Connections that fail: each with its own code and a sentence that names host, port and user. */
import { appendFile, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createOpenSshHosts } from '../../src/adapters/openssh/openssh-hosts.ts'
import { sshSettings } from '../../src/adapters/openssh/resolve-destination.ts'
import { sshVersion } from '../../src/adapters/openssh/ssh-version.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { parseDestination } from '../../src/shared/destination.ts'
import { AppError } from '../../src/shared/errors.ts'
import { runScript, sshProcesses, startClient } from '../support/ssh-client.ts'
import { startSshd } from '../support/sshd.ts'

test('a name that does not resolve', async () => {
  await using client = await startClient('/dev/null')
  const error = await client.failure('me@no-such-host.invalid:2222')
  expect(error.code).toBe('name-not-resolved')
  expect(error.message).toMatch(
    /^Host "me@no-such-host\.invalid:2222" \(me@no-such-host\.invalid, port 2222\) was not found: the name "no-such-host\.invalid" does not resolve \(.+\)\.$/,
  )
})

test('a place for the files of ssh where nothing can be written', async () => {
  const runtimeDir = '/dev/null/farglass'
  const opening = createOpenSshHosts({ runtimeDir, sshConfigFile: null, clock: systemClock })
  await expect(opening).rejects.toMatchObject({
    code: 'store-failed',
    message: expect.stringContaining('The files that ssh needs cannot be written: ENOTDIR'),
  })
})

test('a port where nothing listens', async () => {
  await using closed = await listen(() => undefined)
  const { port } = closed
  await closed[Symbol.asyncDispose]()
  await using client = await startClient('/dev/null')
  const error = await client.failure(`me@127.0.0.1:${port}`)
  expect(error.code).toBe('connection-refused')
  expect(error.message).toBe(
    `Host "me@127.0.0.1:${port}" (me@127.0.0.1, port ${port}) refused the connection: nothing listens on 127.0.0.1 port ${port}.`,
  )
})

test('a host that accepts and stays silent', async () => {
  await using silent = await listen(() => undefined)
  await using client = await startClient('/dev/null')
  const error = await client.failure(`me@127.0.0.1:${silent.port}`)
  expect(error.code).toBe('connection-timeout')
  expect(error.message).toContain(`(me@127.0.0.1, port ${silent.port}) did not answer in time`)
})

test('a network without a way there', async () => {
  await using client = await startClient('/dev/null')
  // A multicast address: the kernel itself refuses to connect there, on every machine.
  const error = await client.failure('me@224.0.0.1:22')
  expect(error.code).toBe('host-unreachable')
  expect(error.message).toContain(
    '(me@224.0.0.1, port 22) cannot be reached at 224.0.0.1 port 22: ',
  )
})

test('a host that closes at once is tried again, and then said to close', async () => {
  let connections = 0
  await using closing = await listen((socket) => {
    connections += 1
    socket.destroy()
  })
  await using client = await startClient('/dev/null')
  const error = await client.failure(`me@127.0.0.1:${closing.port}`)
  expect(error.code).toBe('connection-closed')
  expect(error.message).toContain(`port ${closing.port}) closed the connection before the login`)
  expect(connections).toBe(6)
})

test('a port where something else than SSH answers', async () => {
  await using web = await listen((socket) => {
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n\u001b]0;owned\u0007\r\n')
  })
  await using client = await startClient('/dev/null')
  const error = await client.failure(`me@127.0.0.1:${web.port}`)
  expect(error.code).toBe('connection-closed')
  expect(error.message).toMatch(/closed the connection|does not speak SSH/)
  expect(error.message).not.toMatch(/\p{Cc}/u)
})

test('a host without a common algorithm says which ones it offers', async () => {
  await using sshd = await startSshd({ sshConfig: ['KexAlgorithms ecdh-sha2-nistp256'] })
  await using client = await startClient(sshd.sshConfigFile)
  const error = await client.failure(sshd.alias)
  expect(error.code).toBe('algorithm-mismatch')
  expect(error.message).toContain('no matching key exchange method found')
  expect(error.message).toContain('curve25519-sha256')
})

test('an ssh_config with a mistake names file and line; one that is not there is refused at once', async () => {
  await using sshd = await startSshd()
  await appendFile(sshd.sshConfigFile, 'NoSuchOption yes\n')
  await using client = await startClient(sshd.sshConfigFile)
  const error = await client.failure(sshd.alias)
  expect(error.code).toBe('ssh-config-invalid')
  expect(error.message).toContain(`${sshd.sshConfigFile}: line `)
  expect(error.message).toContain('nosuchoption')
  await expect(startClient(join(sshd.directory, 'none'))).rejects.toMatchObject({
    code: 'ssh-config-invalid',
  })
})

test('a machine without ssh', async () => {
  const path = process.env['PATH']
  process.env['PATH'] = '/nowhere'
  try {
    expect(await sshVersion()).toBe(null)
    await using client = await startClient('/dev/null')
    expect(await client.failure('me@127.0.0.1:22')).toMatchObject({ code: 'ssh-missing' })
  } finally {
    process.env['PATH'] = path
  }
  expect(await sshVersion()).toMatch(/^OpenSSH_/)
})

test('what ssh_config makes of a destination can be asked without connecting', async () => {
  await using sshd = await startSshd({ aliases: ['web-9'] })
  const configArgs = ['-F', sshd.sshConfigFile]
  const { user, port } = sshd
  const alias = await sshSettings(parseDestination('web-9'), configArgs)
  expect(alias).toMatchObject({ hostName: '127.0.0.1', port, user })
  const named = await sshSettings(parseDestination('me@[::1]:77'), configArgs)
  expect(named).toMatchObject({ hostName: '::1', port: 77, user: 'me' })
  expect(await sshd.log()).not.toContain('Connection from')
})

test('a jump host that cannot be reached is named', async () => {
  await using closed = await listen(() => undefined)
  const { port } = closed
  await closed[Symbol.asyncDispose]()
  await using sshd = await startSshd({ sshConfig: [`ProxyJump me@127.0.0.1:${port}`] })
  await using client = await startClient(sshd.sshConfigFile)
  const error = await client.failure(sshd.alias)
  expect(error.code).toBe('connection-refused')
  expect(error.message).toContain(`nothing listens on 127.0.0.1 port ${port}`)
})

test('a jump host is logged into first, and asks about its own key', async () => {
  await using jump = await startSshd({ known: false, aliases: ['jump'] })
  await using inner = await startSshd({ aliases: ['inner'], known: false })
  const hop = ['Host inner', `HostName 127.0.0.1`, `Port ${inner.port}`, 'ProxyJump jump', '']
  const keys = ['Match host 127.0.0.1', `IdentityFile ${inner.keyFile}`, '']
  const config = join(jump.directory, 'both')
  await writeFile(config, `Include ${jump.sshConfigFile}\n${hop.join('\n')}${keys.join('\n')}`)
  await using client = await startClient(config)
  await using host = await client.connect('inner', { answers: ['trust', 'trust'] })
  expect((await runScript(host, '{ echo $FARGLASS_TEST_HOST; exit; }\n')).out).not.toBe('')
  expect(client.asked).toMatchObject([
    { kind: 'host-key', fingerprint: await jump.fingerprint() },
    { kind: 'host-key', fingerprint: await inner.fingerprint() },
  ])
})

test('a connection that is given up leaves no process, whatever it was waiting for', async () => {
  await using silent = await listen(() => undefined)
  await using client = await startClient('/dev/null')
  const giveUp = new AbortController()
  const reason = new AppError('conflict', 'The run was stopped.')
  const connecting = client.failure(`me@127.0.0.1:${silent.port}`, { signal: giveUp.signal })
  await silent.connected
  expect(sshProcesses(client.directory).length).toBeGreaterThan(1)
  giveUp.abort(reason)
  expect(await connecting).toBe(reason)
  expect(
    sshProcesses(client.directory).filter(({ command }) => command.startsWith('ssh ')),
  ).toEqual([])
})

interface Listener extends AsyncDisposable {
  readonly port: number
  /** Somebody has come. */
  readonly connected: Promise<void>
}

async function listen(serve: (socket: Socket) => void): Promise<Listener> {
  const sockets = new Set<Socket>()
  let came: () => void = () => undefined
  const connected = new Promise<void>((resolve) => {
    came = resolve
  })
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    came()
    serve(socket)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connected,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
