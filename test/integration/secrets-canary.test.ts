/** A secret through a whole run, a crash and a restart: what of it can be found anywhere afterwards. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeDataDirectory, runCli, startCli, startFarglass } from '../support/farglass.ts'
import { filesBelow } from '../support/files-below.ts'
import { startRedis } from '../support/redis-server.ts'
import { startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'
import { watchProcesses } from '../support/watch-processes.ts'

const directory = mkdtempSync(join(tmpdir(), 'fg-canary-'))
afterAll(() => rmSync(directory, { recursive: true }))

const canary = 'canary/9f2+c 41=é'
const bytes = Buffer.from(canary)
const forms = [
  bytes.toString('latin1'),
  bytes.toString('base64').slice(0, 20),
  bytes.toString('base64url').slice(0, 20),
  bytes.toString('hex'),
  encodeURIComponent(canary),
]

const env = { XDG_CONFIG_HOME: join(directory, 'config') }

test.each(['its data directory', 'Redis'])(
  'no form of a secret is in %s, in logs, in what viewers get, or in arguments and environments',
  async (where) => {
    const file = join(directory, 'token')
    const go = join(directory, `go-${where.length}`)
    writeFileSync(file, `${canary}\n`)
    await using sshd = await startSshd({ aliases: ['web-1'] })
    await using redis = where === 'Redis' ? await startRedis() : undefined
    const args = redis === undefined ? [] : ['--redis', redis.url]
    await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, args, env })
    const watch = watchProcesses()
    const printed = [
      '"$T"',
      '"$(printf %s "$T" | base64)"',
      `"$(printf %s "$T" | od -An -v -tx1 | tr -d ' \\n')"`,
    ]
    const command = `for f in ${printed.join(' ')}; do echo "<$f>"; done; until [ -e ${go} ]; do sleep 0.1; done; echo "again $T" >&2`
    const words = ['run', '--data', server.dataDirectory, '--secret', `T=@${file}`, 'web-1']
    const cli = startCli([...words, '--', command])
    await until('it prints', () => cli.stdout().split('\n').length > 3)
    await server.kill('SIGKILL')
    await server.restart()
    writeFileSync(go, '')
    const { stdout, stderr, status } = await cli.done
    expect(stdout.toString()).toMatch(/^<\[secret\]>\n<\[secret\]=*>\n<\[secret\]>\n$/)
    expect(stderr).toContain('again [secret]\n')
    expect(status).toBe(0)
    const seen = await watch.stop()
    const [run] = await server.api.list()
    expect(run?.secretNames).toEqual(['T'])
    await redis?.cli('save')
    const page = await server.api.lines(run?.id ?? '', 0, 1_000)
    const places: Record<string, readonly string[]> = {
      files: filesBelow(server.dataDirectory),
      redis: redis === undefined ? [] : filesBelow(redis.directory),
      log: [server.stdout(), server.stderr()],
      viewers: [stdout.toString('latin1'), stderr, JSON.stringify(page)],
      arguments: seen.arguments.map((each) => Buffer.from(each).toString('latin1')),
    }
    for (const [name, texts] of Object.entries(places)) {
      const found = forms.filter((form) => texts.some((text) => text.includes(form)))
      expect({ [name]: found }).toEqual({ [name]: [] })
    }
    const holders = seen.withEnvironment(canary)
    expect(holders.filter((each) => !/^(base64|od|tr|sleep) ?/.test(each))).toEqual([])
  },
)

test('farglass run takes a secret from a file, from its variable or from the terminal, never from its words', async () => {
  await using sshd = await startSshd({ aliases: ['web-1'] })
  const data = await makeDataDirectory()
  const ssh = ['--data', data, '--ssh-config', sshd.sshConfigFile]
  const run = (secret: string, more = {}, options = {}) =>
    runCli(
      ['run', ...ssh, '--secret', secret, 'web-1', '--', 'printf %s "$T" | wc -c; echo "$T"'],
      {
        ...options,
        env: { ...env, ...more },
      },
    )
  try {
    writeFileSync(join(directory, 'other'), 'from-a-file')
    expect((await run(`T=@${join(directory, 'other')}`)).stdout.toString()).toBe('11\n[secret]\n')
    const fromVariable = await run('T', { FARGLASS_SECRET_T: 'from-variable' })
    expect(fromVariable.stdout.toString()).toBe('13\n[secret]\n')
    const cli = startCli(['run', ...ssh, '--secret', 'T', 'web-1', '--', 'echo "<$T>"'], {
      tty: true,
      env,
    })
    await until('it asks', () => cli.stdout().includes('T: '))
    cli.type('typed-in\r')
    const typed = (await cli.done).stdout.toString()
    expect(typed).toContain('<[secret]>')
    expect(typed).not.toContain('typed-in')
    const wrong = [
      await run('T=in-clear'),
      await run('T'),
      await run('t'),
      await run('PATH'),
      await run('T=@/nowhere'),
    ]
    for (const { status, stderr } of wrong) {
      expect(status).toBe(2)
      expect(stderr).not.toContain('in-clear')
    }
    expect(wrong.map(({ stderr }) => stderr.split('\n')[0])).toEqual([
      expect.stringContaining('others see the words of a command line'),
      expect.stringContaining('there is no terminal to ask on'),
      expect.stringContaining('is not a name in upper case'),
      expect.stringContaining('is a name that the shell'),
      expect.stringContaining('it cannot be read'),
    ])
  } finally {
    rmSync(data, { recursive: true })
  }
})

test('the examples of docs/guide/secrets.md do what it says', async () => {
  const guide = readFileSync(new URL('../../docs/guide/secrets.md', import.meta.url), 'utf8')
  const [, key = ''] = /^(\(umask 077; .*\))$/m.exec(guide) ?? []
  execFileSync('sh', ['-c', key], { cwd: directory })
  const [, command = '', shown = ''] =
    /=@token\.txt -- '(.*)'\n```\n```\n([^]*?)```/.exec(guide) ?? []
  writeFileSync(join(directory, 'token.txt'), 'not-for-everybody\n')
  await using sshd = await startSshd({ aliases: ['web-1'] })
  const data = await makeDataDirectory()
  const ssh = ['--data', data, '--ssh-config', sshd.sshConfigFile]
  const secret = ['--secret', `API_TOKEN=@${join(directory, 'token.txt')}`]
  const result = await runCli(['run', ...ssh, 'web-1', ...secret, '--', command], {
    env: { FARGLASS_SECRET_KEY_FILE: join(directory, 'farglass.key') },
  })
  rmSync(data, { recursive: true })
  expect(result).toMatchObject({ status: 0, stderr: '' })
  expect(shown).toContain('[secret]')
  expect(result.stdout.toString()).toBe(shown)
})
