/** Who is at the other end: host keys that are unknown, approved, changed, revoked. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { masterCount, runScript, startClient } from '../support/ssh-client.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)
const hello = '{ echo hello; exit; }\n'

test('an unknown host key is asked once, with what a person must compare, and then known', async () => {
  await using sshd = await startSshd({ known: false })
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias, { answers: ['trust'] })
  expect((await runScript(host, hello)).out).toBe('hello\n')
  const place = `[127.0.0.1]:${sshd.port}`
  expect(client.asked).toEqual([
    {
      kind: 'host-key',
      host: place,
      address: null,
      keyType: 'ED25519',
      fingerprint: await sshd.fingerprint(),
    },
  ])
  const { stdout } = await run('ssh-keygen', ['-F', place, '-f', sshd.knownHostsFile])
  expect(stdout).toContain('ssh-ed25519')
  await using again = await client.connect(sshd.address)
  expect((await runScript(again, hello)).out).toBe('hello\n')
  expect(client.asked.length).toBe(1)
})

test('an unknown host key that nobody trusts ends the login before anything is sent', async () => {
  await using sshd = await startSshd({ known: false })
  await using client = await startClient(sshd.sshConfigFile)
  const ways = [[], [{ kind: 'cancel', question: 0 } as const]]
  for (const answers of ways) {
    const error = await client.failure(sshd.alias, { answers })
    expect(error.code).toBe('host-key-unknown')
    expect(error.message).toContain(`port ${sshd.port}) shows an unknown host key`)
    expect(error.message).toContain(`ED25519 ${await sshd.fingerprint()}`)
  }
  expect(await readFile(sshd.knownHostsFile, 'utf8')).toBe('')
  expect(await sshd.log()).not.toContain('userauth-request')
})

test('the approval of another fingerprint is refused and stored nowhere', async () => {
  await using sshd = await startSshd({ known: false })
  await using client = await startClient(sshd.sshConfigFile)
  const fingerprint = 'SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
  const error = await client.failure(sshd.alias, {
    answers: [{ kind: 'trust', question: 0, fingerprint }],
  })
  expect(error.code).toBe('host-key-unknown')
  expect(client.asked.length).toBe(1)
  expect(await readFile(sshd.knownHostsFile, 'utf8')).toBe('')
  expect(await sshd.log()).not.toContain('userauth-request')
})

test('a changed host key is a hard stop with both fingerprints, and the host sees no login', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  const before = await sshd.fingerprint()
  await sshd.changeHostKey()
  const error = await client.failure(sshd.alias, { answers: ['trust'], password: 'secret' })
  expect(error.code).toBe('host-key-changed')
  expect(error.message).toBe(
    `Host "${sshd.alias}" (${sshd.user}@127.0.0.1, port ${sshd.port}) has changed its host key: it shows ED25519 ${await sshd.fingerprint()}, ${sshd.knownHostsFile} line 1 has ${before}. Somebody may be in between; nothing was sent.`,
  )
  expect(client.asked).toEqual([])
  expect(await sshd.log()).not.toContain('userauth-request')
})

test('a host key that changes while the connection is away is not reconnected to', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  await sshd.changeHostKey()
  expect((await runScript(host, hello)).out).toBe('hello\n')
  const logged = (await sshd.log()).length
  await sshd.killSessions()
  await until('the cut is seen', () => masterCount(client.directory) === 0)
  const opening = host.open({ script: hello, tty: false })
  await expect(opening).rejects.toMatchObject({ code: 'host-key-changed' })
  expect((await sshd.log()).slice(logged)).not.toContain('userauth-request')
})

test('a user key that is revoked while the connection is away is no way in any more', async () => {
  const passwords = ['PasswordAuthentication no', 'KbdInteractiveAuthentication no']
  await using sshd = await startSshd({ sshdConfig: passwords })
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  await writeFile(sshd.authorizedKeysFile, '')
  await sshd.killSessions()
  await until('the cut is seen', () => masterCount(client.directory) === 0)
  const opening = host.open({ script: hello, tty: false })
  await expect(opening).rejects.toMatchObject({ code: 'key-refused' })
})

test('a host that hides its known key behind one of another type is stopped as well', async () => {
  await using sshd = await startSshd()
  const rsa = `${sshd.directory}/rsa`
  await run('ssh-keygen', ['-q', '-t', 'rsa', '-N', '', '-f', rsa])
  const place = `[127.0.0.1]:${sshd.port}`
  await writeFile(sshd.knownHostsFile, `${place} ${await readFile(`${rsa}.pub`, 'utf8')}`)
  await using client = await startClient(sshd.sshConfigFile)
  const error = await client.failure(sshd.alias, { answers: ['trust'] })
  expect(error.code).toBe('host-key-changed')
  expect(error.message).toContain(await sshd.fingerprint())
  expect(client.asked).toEqual([])
})

test('a revoked host key is never asked about', async () => {
  await using sshd = await startSshd()
  const known = await readFile(sshd.knownHostsFile, 'utf8')
  await writeFile(sshd.knownHostsFile, `@revoked ${known}`)
  await using client = await startClient(sshd.sshConfigFile)
  const error = await client.failure(sshd.alias, { answers: ['trust'] })
  expect(error.code).toBe('host-key-revoked')
  expect(client.asked).toEqual([])
  expect(await sshd.log()).not.toContain('userauth-request')
})

test('hashed names in known_hosts are recognised', async () => {
  await using sshd = await startSshd()
  await run('ssh-keygen', ['-H', '-f', sshd.knownHostsFile])
  expect(await readFile(sshd.knownHostsFile, 'utf8')).toMatch(/^\|1\|/)
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  expect((await runScript(host, hello)).out).toBe('hello\n')
  expect(client.asked).toEqual([])
})

test('seed-25-known-hosts-port: entries without port match port 22, with [host]:port any other', async () => {
  await using sshd = await startSshd()
  // 127.0.0.22 port 22 is mostly nobody's; a relay there shows what ssh looks up for that port.
  await using standard = await relay('127.0.0.22', 22, sshd)
  const key = (await readFile(sshd.knownHostsFile, 'utf8')).split(' ').slice(1).join(' ')
  const config = [`Host standard`, `HostName ${standard.host}`, `Port ${standard.port}`, '']
  await writeFile(
    sshd.sshConfigFile,
    `${config.join('\n')}${await readFile(sshd.sshConfigFile, 'utf8')}`,
  )
  const entry = standard.port === 22 ? standard.host : `[${standard.host}]:${standard.port}`
  await writeFile(sshd.knownHostsFile, `${entry} ${key}[127.0.0.1]:${sshd.port} ${key}`)
  await using client = await startClient(sshd.sshConfigFile)
  for (const target of ['standard', sshd.alias, sshd.address]) {
    await using host = await client.connect(target)
    expect((await runScript(host, hello)).out).toBe('hello\n')
  }
  expect(client.asked).toEqual([])
})

/** Forwards `wanted`, or any port where that one cannot be had, to the sshd. */
async function relay(host: string, wanted: number, sshd: Sshd) {
  const server = createServer((incoming) => {
    const outgoing = createConnection(sshd.port, sshd.host)
    incoming.pipe(outgoing).pipe(incoming)
    incoming.on('error', () => outgoing.destroy())
    outgoing.on('error', () => incoming.destroy())
  })
  const listen = (port: number) => once(server.listen(port, host), 'listening')
  await listen(wanted).catch(() => listen(0))
  const address = server.address()
  return {
    host,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
      }),
  }
}
