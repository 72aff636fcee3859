/** Logging in over a real sshd, by every way that a person has. */
import { execFile } from 'node:child_process'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { masterCount, runScript, startClient } from '../support/ssh-client.ts'
import { canHaveTerminals, startSshd } from '../support/sshd.ts'
import { canMakeUsers } from '../support/throwaway-user.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)
const onlyPassword = [
  'PubkeyAuthentication no',
  'KbdInteractiveAuthentication no',
  'PasswordAuthentication yes',
]
const terminals = canHaveTerminals ? [false, true] : [false]
const whoAmI = '{ id -un; exit; }\n'

test('a key without passphrase logs in without any question', async () => {
  await using sshd = await startSshd()
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias)
  expect(await runScript(host, whoAmI)).toEqual({ out: `${sshd.user}\n`, err: '' })
  expect(client.asked).toEqual([])
})

test.each(terminals)(
  'a script reaches sh byte for byte, echoed by no terminal (tty: %s)',
  async (tty) => {
    await using sshd = await startSshd()
    await using client = await startClient(sshd.sshConfigFile)
    await using host = await client.connect(sshd.alias)
    const nasty = `it's "$HOME" \`x\` \\ é 日本 !! \t ~. ${'x'.repeat(48 * 1024)}`
    const script = `{ cat <<'Q'\n~.\n${nasty}\nQ\n[ -t 0 ] && echo tty; exit; }\n`
    const terminal = tty ? 'tty\n' : ''
    expect((await runScript(host, script, tty)).out).toBe(`~.\n${nasty}\n${terminal}`)
  },
)

test('a passphrase is asked for, a wrong one asks again and says so, a cancel ends it', async () => {
  await using sshd = await startSshd({ passphrase: 'open sesame' })
  await using client = await startClient(sshd.sshConfigFile)
  await using host = await client.connect(sshd.alias, {
    answers: [{ secret: 'wrong' }, { secret: 'open sesame' }],
  })
  expect((await runScript(host, whoAmI)).out).toBe(`${sshd.user}\n`)
  expect(client.asked).toMatchObject([
    { kind: 'secret', ask: 'passphrase', refused: 0, echo: false },
    { kind: 'secret', ask: 'passphrase', refused: 1 },
  ])
  expect(client.asked[0]).toMatchObject({ prompt: `Enter passphrase for key '${sshd.keyFile}':` })
  const error = await client.failure(sshd.address, {
    answers: [{ kind: 'cancel', question: 0 }],
  })
  expect(error.code).toBe('login-cancelled')
  expect(error.message).toContain(`port ${sshd.port}`)
})

test('keys of the agent are used', async () => {
  await using sshd = await startSshd({ key: false, sshConfig: ['IdentitiesOnly no'] })
  const { stdout } = await run('ssh-agent', ['-s', '-a', join(sshd.directory, 'agent')])
  const pid = Number(/SSH_AGENT_PID=([0-9]+)/.exec(stdout)?.[1])
  const before = process.env['SSH_AUTH_SOCK']
  process.env['SSH_AUTH_SOCK'] = join(sshd.directory, 'agent')
  try {
    await run('ssh-add', ['-q', sshd.keyFile])
    await using client = await startClient(sshd.sshConfigFile)
    await using host = await client.connect(sshd.alias)
    expect((await runScript(host, whoAmI)).out).toBe(`${sshd.user}\n`)
  } finally {
    process.kill(pid)
    if (before === undefined) delete process.env['SSH_AUTH_SOCK']
    else process.env['SSH_AUTH_SOCK'] = before
  }
})

describe.runIf(canMakeUsers)('a user with a password', () => {
  test('is asked for it, up to the right one, and a second connection does not ask again', async () => {
    await using sshd = await startSshd({ passwordUser: true, key: false })
    await using client = await startClient(sshd.sshConfigFile)
    const { name = '', password = '' } = sshd.passwordUser ?? {}
    const options = { answers: [{ secret: 'wrong' }, { secret: password }] }
    await using host = await client.connect(`${name}@${sshd.alias}`, options)
    expect((await runScript(host, whoAmI)).out).toBe(`${name}\n`)
    expect(client.asked.map((one) => one.kind === 'secret' && one.refused)).toEqual([0, 1])
    const sleepers = await Promise.all(
      Array.from({ length: 9 }, () => host.open({ script: 'cat\n', tty: false })),
    )
    expect(client.asked.length).toBe(2)
    expect((await sshd.log()).match(/Accepted (password|keyboard)/g)?.length).toBe(2)
    for (const one of sleepers) await one[Symbol.asyncDispose]()
  })

  test('who gives three wrong passwords is refused with host, port and user', async () => {
    await using sshd = await startSshd({ passwordUser: true, key: false, sshdConfig: onlyPassword })
    await using client = await startClient(sshd.sshConfigFile)
    const name = sshd.passwordUser?.name ?? ''
    const wrong = { secret: 'wrong' }
    const error = await client.failure(`${name}@${sshd.alias}`, { answers: [wrong, wrong, wrong] })
    expect(error).toMatchObject({ code: 'password-refused' })
    expect(error.message).toBe(
      `Host "${name}@${sshd.alias}" (${name}@127.0.0.1, port ${sshd.port}) refused the password of user "${name}". It accepts: password.`,
    )
  })

  test('answers the questions of keyboard-interactive', async () => {
    await using sshd = await startSshd({
      passwordUser: true,
      key: false,
      sshdConfig: ['PasswordAuthentication no', 'KbdInteractiveAuthentication yes'],
    })
    await using client = await startClient(sshd.sshConfigFile)
    const { name = '', password = '' } = sshd.passwordUser ?? {}
    const target = `${name}@${sshd.alias}`
    await using host = await client.connect(target, { answers: [{ secret: password }] })
    expect((await runScript(host, whoAmI)).out).toBe(`${name}\n`)
    expect(client.asked).toEqual([
      {
        kind: 'secret',
        ask: 'keyboard-interactive',
        prompt: `(${name}@127.0.0.1) Password:`,
        echo: false,
        refused: 0,
      },
    ])
  })

  test('seed-22-server-keys: with a typed password no key is offered, be it right or wrong', async () => {
    await using sshd = await startSshd({ passwordUser: true })
    const { name = '', password = '', home = '' } = sshd.passwordUser ?? {}
    // This machine's own key would be accepted for that user: it must not be used.
    await appendFile(sshd.authorizedKeysFile, await readFile(`${sshd.keyFile}.pub`))
    await using client = await startClient(sshd.sshConfigFile)
    const target = `${name}@${sshd.alias}`
    const error = await client.failure(target, { password: 'wrong' })
    expect(error.code).toBe('password-refused')
    expect(error.message).toContain(`port ${sshd.port}`)
    await using host = await client.connect(target, { password })
    expect((await runScript(host, '{ pwd; exit; }\n')).out).toBe(`${home}\n`)
    const log = await sshd.log()
    expect(log).toContain(`Accepted password for ${name}`)
    expect(log).not.toContain('method publickey')
    expect(client.asked).toEqual([])
  })

  test('a typed password answers a host that has only keyboard-interactive', async () => {
    await using sshd = await startSshd({
      passwordUser: true,
      sshdConfig: ['PasswordAuthentication no', 'KbdInteractiveAuthentication yes'],
    })
    await using client = await startClient(sshd.sshConfigFile)
    const { name = '', password = '' } = sshd.passwordUser ?? {}
    await using host = await client.connect(`${name}@${sshd.alias}`, { password })
    expect((await runScript(host, whoAmI)).out).toBe(`${name}\n`)
    const error = await client.failure(`${name}@${sshd.alias}`, { password: 'wrong' })
    expect(error.code).toBe('password-refused')
    expect(client.asked).toEqual([])
  })

  test('a jump host on the way does not get the typed password, but asks for its own', async () => {
    await using jump = await startSshd({ passwordUser: true, key: false, aliases: ['jump'] })
    const way = `ProxyJump ${jump.passwordUser?.name}@jump`
    await using sshd = await startSshd({ passwordUser: true, key: false, sshConfig: [way] })
    const config = join(sshd.directory, 'both')
    await writeFile(config, `Include ${sshd.sshConfigFile}\nInclude ${jump.sshConfigFile}\n`)
    await appendFile(sshd.knownHostsFile, await readFile(jump.knownHostsFile))
    await using client = await startClient(config)
    const { name = '', password = '' } = sshd.passwordUser ?? {}
    await using host = await client.connect(`${name}@${sshd.alias}`, {
      password,
      answers: [{ secret: jump.passwordUser?.password ?? '' }],
    })
    expect((await runScript(host, whoAmI)).out).toBe(`${name}\n`)
    expect(client.asked).toMatchObject([{ kind: 'secret', refused: 0 }])
    expect(await jump.log()).not.toContain('Failed')
  })

  test('a typed login has a connection of its own, for itself and only as long as it is used', async () => {
    await using sshd = await startSshd({ passwordUser: true })
    await using client = await startClient(sshd.sshConfigFile)
    const { name = '', password = '' } = sshd.passwordUser ?? {}
    const target = `${name}@${sshd.alias}`
    const host = await client.connect(target, { password })
    const other = await client.connect(target, { password })
    await using keyed = await client.connect(target)
    expect((await runScript(keyed, whoAmI)).out).toBe(`${name}\n`)
    const accepted = (await sshd.log()).match(/Accepted [a-z]+ for/g)
    expect(accepted).toEqual([
      'Accepted password for',
      'Accepted password for',
      'Accepted publickey for',
    ])
    await host[Symbol.asyncDispose]()
    await other[Symbol.asyncDispose]()
    await expect(host.open({ script: whoAmI, tty: false })).rejects.toThrow(/given back/)
    await until('only the keyed connection is left', () => masterCount(client.directory) === 1)
  })
})

test('a typed password for a host that takes only keys says so and asks nobody', async () => {
  await using sshd = await startSshd({
    sshdConfig: ['PasswordAuthentication no', 'KbdInteractiveAuthentication no'],
  })
  await using client = await startClient(sshd.sshConfigFile)
  const error = await client.failure(sshd.alias, { password: 'whatever' })
  expect(error.code).toBe('password-refused')
  expect(error.message).toMatch(
    /did not even ask for the password of user "\w+"\. It accepts: publickey\./,
  )
})

test('a key that the host does not know is refused in words that name the user', async () => {
  await using sshd = await startSshd({
    sshdConfig: ['PasswordAuthentication no', 'KbdInteractiveAuthentication no'],
  })
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', `${sshd.keyFile}2`])
  await run('cp', [`${sshd.keyFile}2.pub`, sshd.authorizedKeysFile])
  await using client = await startClient(sshd.sshConfigFile)
  const error = await client.failure(sshd.alias)
  expect(error.code).toBe('key-refused')
  expect(error.message).toContain(`port ${sshd.port}) refused every key of user "${sshd.user}"`)
})
