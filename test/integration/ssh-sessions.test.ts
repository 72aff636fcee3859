/** Sessions of a shared connection: what they say to a real sshd, and what it makes of it. */
import { appendFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { collect, runScript, startClient } from '../support/ssh-client.ts'
import { canHaveTerminals, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

test('a silent session lives on under an sshd that ends those without a sign of life', async () => {
  const sshdConfig = ['ClientAliveInterval 1', 'ClientAliveCountMax 2']
  await using sshd = await startSshd({ sshdConfig })
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  const { out } = await runScript(host, '{ sleep 5; echo alive; exit; }\n')
  expect(out).toBe('alive\n')
})

test('the variables of SendEnv and SetEnv reach a host that accepts them, and no others do', async () => {
  await using sshd = await startSshd({ sshdConfig: ['AcceptEnv LANG COLOUR'] })
  await appendFile(
    sshd.sshConfigFile,
    `\nHost ${sshd.alias}\n  SendEnv LANG PATH\n  SetEnv COLOUR="deep blue" NOT_TAKEN=1\n`,
  )
  const before = process.env['LANG']
  process.env['LANG'] = 'en_GB.UTF-8'
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  if (before === undefined) delete process.env['LANG']
  else process.env['LANG'] = before
  const script = '{ echo "$LANG|$COLOUR|$NOT_TAKEN"; exit; }\n'
  expect((await runScript(host, script)).out).toBe('en_GB.UTF-8|deep blue|\n')
})

test('megabytes go in and come out at once, whole, and the end of the input is seen', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  await using channel = await host.open({ script: '{ echo >&2; exec cat; }\n', tty: false })
  const text = Array.from({ length: 400_000 }, (_, n) => `line ${n}\n`).join('')
  const parts: Uint8Array[] = []
  for await (const { channel: name, bytes } of channel.output) {
    if (name === 'out') parts.push(bytes)
    if (name === 'out') continue
    // Now the shell reads no more of its input: cat does.
    channel.send(text)
    channel.end()
  }
  expect(Buffer.concat(parts).toString() === text).toBe(true)
  expect(channel.status).toBe(0)
})

test('exit codes are told, 255 as well; a death by signal has none', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  const statusOf = async (script: string) => {
    await using channel = await host.open({ script, tty: false })
    await collect(channel)
    return channel.status
  }
  expect(await statusOf('exit 3\n')).toBe(3)
  expect(await statusOf('exit 255\n')).toBe(255)
  expect(await statusOf('kill -9 $$\n')).toBeNull()
})

test('sessions that are given up at any moment leave their place to others, and nothing on the host', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  const isGone = () => sshd.processes().every(({ command }) => command !== 'cat')
  for (let round = 0; round < 40; round++) {
    const channel = await host.open({
      script: 'exec cat\n',
      tty: canHaveTerminals && round % 2 === 1,
    })
    const read = collect(channel)
    if (round % 4 >= 2) await until('it runs', () => !isGone())
    await channel[Symbol.asyncDispose]()
    await read
    if (round % 4 >= 2) await until('it is gone', isGone)
  }
  expect((await runScript(host, '{ echo hello; exit; }\n')).out).toBe('hello\n')
  await until('all are gone', isGone)
  expect((await sshd.log()).match(/Accepted publickey/g)?.length).toBe(1)
})

test.runIf(canHaveTerminals)('a host without terminals says so, and nothing runs', async () => {
  await using sshd = await startSshd({ sshdConfig: ['PermitTTY no'] })
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  const { out, err } = await runScript(host, '{ echo no; exit; }\n', true)
  expect(out).toBe('')
  expect(err).toContain('The host gives no terminal in this session.')
})
