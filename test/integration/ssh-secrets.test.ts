/** Where a secret must never be: arguments, environments, files, errors; and what a host may not get. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { environmentOf } from '../support/proc.ts'
import { runScript, sshProcesses, startClient } from '../support/ssh-client.ts'
import { canHaveTerminals, startSshd } from '../support/sshd.ts'
import { canMakeUsers } from '../support/throwaway-user.ts'
import { until } from '../support/until.ts'
import { watchProcesses } from '../support/watch-processes.ts'

const terminals = canHaveTerminals ? [false, true] : [false]

describe.runIf(canMakeUsers)('with passwords', () => {
  test('seed-24-clear-password: no secret in the arguments or environment of any process, on either side', async () => {
    await using sshd = await startSshd({ passwordUser: true, passphrase: 'canary-passphrase-81' })
    await using client = await startClient(sshd.sshConfigFile)
    const { name = '', password = '' } = sshd.passwordUser ?? {}
    const secrets = [password, 'canary-wrong-82', 'canary-passphrase-81', 'canary-command-83']
    const watch = watchProcesses()
    const target = `${name}@${sshd.alias}`
    await using typed = await client.connect(target, { password })
    await using keyed = await client.connect(sshd.alias, {
      answers: [{ secret: secrets[2] ?? '' }],
    })
    const error = await client.failure(`${name}@127.0.0.1:${sshd.port}`, {
      password: 'canary-wrong-82',
    })
    for (const host of [typed, keyed]) {
      // Not an argument of a program, so that it is only in what is sent.
      const script = '{ : canary-command-83; sleep 0.2; exit; }\n'
      for (const tty of terminals) await runScript(host, script, tty)
    }
    const seen = await watch.stop()
    expect(seen.programs).toEqual(expect.arrayContaining(['ssh', 'sh', 'sleep']))
    // The watch works: it has seen what is meant to be seen.
    expect(seen.text).toContain('FARGLASS_ASKPASS_NONCE=')
    const files = filesBelow(client.directory)
    expect(files.length).toBeGreaterThan(2)
    const places = [
      seen.text,
      inspect(error, { depth: 9 }),
      ...files.map((file) => readFileSync(file, 'utf8')),
    ]
    const found = secrets.filter((secret) => places.some((text) => text.includes(secret)))
    expect(found).toEqual([])
  })
})

test('our files are for this user only, and our socket answers nobody without the nonce', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using _host = await client.connect(sshd.alias)
  const [name = ''] = readdirSync(client.directory)
  const directory = join(client.directory, name)
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  const questions = ['nonsense', '{}', '{"nonce":"x","hint":"","parent":1,"prompt":"Password: "}']
  for (const question of questions) {
    const socket = createConnection(join(directory, 'ask'))
    socket.write(`${question}\n`)
    let answer = ''
    for await (const text of socket) answer += String(text)
    expect(answer).toBe('')
  }
})

test('ssh gets a closed environment, and the nonce of a login is worth nothing after it', async () => {
  process.env['FARGLASS_CANARY'] = 'canary-environment-84'
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  await using _channel = await host.open({ script: 'cat\n', tty: false })
  await until('it runs', () => sshd.processes().length > 0)
  delete process.env['FARGLASS_CANARY']
  const ours = sshProcesses(client.directory).filter(({ command }) => command.startsWith('ssh '))
  expect(ours.length).toBe(1)
  const allowed =
    /^(PATH|HOME|USER|LOGNAME|LANG|SSH_AUTH_SOCK|KRB5CCNAME|XDG_RUNTIME_DIR|SSH_ASKPASS|SSH_ASKPASS_REQUIRE|FARGLASS_ASKPASS_SOCKET|FARGLASS_ASKPASS_NONCE)=/
  for (const { pid } of ours) {
    const entries = environmentOf(pid).split('\0').filter(Boolean)
    expect(entries.filter((entry) => !allowed.test(entry))).toEqual([])
  }
  const master = ours.find(({ command }) => command.includes(' -M '))
  const nonce = /FARGLASS_ASKPASS_NONCE=([0-9a-f]+)/.exec(environmentOf(master?.pid ?? 0))?.[1]
  expect(nonce).toMatch(/^[0-9a-f]{32}$/)
  const [name = ''] = readdirSync(client.directory)
  const socket = createConnection(join(client.directory, name, 'ask'))
  socket.write(
    `${JSON.stringify({ nonce, hint: '', parent: master?.pid, prompt: 'Password: ' })}\n`,
  )
  let answer = ''
  for await (const text of socket) answer += String(text)
  expect(answer).toBe('')
  expect(client.asked).toEqual([])
})

test('what the host runs is constant, whatever the script is', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  const commands = new Set<string>()
  for (const word of ['one', 'two']) {
    for (const tty of terminals) {
      await using channel = await host.open({ script: `{ : ${word}; read -r x; exit; }\n`, tty })
      const shell = await until('a shell runs', () =>
        sshd.processes().find(({ command }) => /^sh -[sc]/.test(command)),
      )
      commands.add(shell.command)
      await channel[Symbol.asyncDispose]()
      await until('it ends', () => sshd.processes().length === 0)
    }
  }
  expect(commands.size).toBe(terminals.length)
})

test('a host gets no agent, no forwarding and no escape character from ssh_config', async () => {
  await using sshd = await startSshd({
    sshConfig: [
      'ForwardAgent yes',
      'ForwardX11 yes',
      'RemoteForward 0 127.0.0.1:9',
      'LocalCommand touch /tmp/farglass-never',
      'PermitLocalCommand yes',
      'RemoteCommand echo not ours',
      'RequestTTY yes',
      'SessionType none',
      'ControlPersist yes',
      'EscapeChar ~',
      'LogLevel QUIET',
    ],
  })
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  const script = '{ echo "agent=$SSH_AUTH_SOCK display=$DISPLAY"; exit; }\n'
  expect(await runScript(host, script)).toEqual({ out: 'agent= display=\n', err: '' })
  const log = await sshd.log()
  expect(log).not.toMatch(/auth-agent-req|x11-req|tcpip-forward/)
})

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
