/** Known hosts, what ssh will use for one, and a check of the way to it: from the command line and over HTTP. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readConfigHosts } from '../../src/adapters/openssh/config-hosts.ts'
import { limits } from '../../src/shared/limits.ts'
import type { HostCheck } from '../../src/shared/protocol/hosts.ts'
import { type Farglass, runCli, startFarglass } from '../support/farglass.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let sshd: Sshd
let server: Farglass
let here: string[] = []

beforeAll(async () => {
  sshd = await startSshd({ aliases: ['web-1', 'web-2'] })
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
  here = ['--data', server.dataDirectory]
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await sshd?.[Symbol.asyncDispose]()
})

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'fg-hosts-'))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return made
}

describe('hosts of ssh_config', () => {
  test('are named with their file and line, through Include, without patterns, each once', async () => {
    const home = await directory()
    await mkdir(join(home, 'conf.d'))
    await writeFile(
      join(home, 'config'),
      [
        '# Host commented',
        'Include conf.d/*.conf missing/*',
        'Host web-1 web-* !web-9 "quoted-1" # web-3',
        '  HostName 192.0.2.1',
        'hOsT=db-1',
        'Match host db-1',
        'Include config',
        'Host web-1 last.example',
      ].join('\n'),
    )
    await writeFile(join(home, 'conf.d', 'b.conf'), 'Host b-1\r\n')
    await writeFile(join(home, 'conf.d', 'a.conf'), 'Host a-1\n\nHost a-2\n')
    await writeFile(join(home, 'conf.d', 'a.txt'), 'Host no\n')
    const found = await readConfigHosts([join(home, 'config'), join(home, 'nothing')])
    expect(
      found.map(({ name, config }) => [name, config.file.slice(home.length), config.line]),
    ).toEqual([
      ['a-1', '/conf.d/a.conf', 1],
      ['a-2', '/conf.d/a.conf', 3],
      ['b-1', '/conf.d/b.conf', 1],
      ['web-1', '/config', 3],
      ['quoted-1', '/config', 3],
      ['db-1', '/config', 5],
      ['last.example', '/config', 8],
    ])
  })

  test('come before those of runs, and say what ssh will use', async () => {
    const { id } = await server.api.start({
      target: `web-1,${sshd.address}`,
      source: { kind: 'command', command: 'true' },
    })
    await until('it has ended', async () => (await server.api.get(id)).state === 'ended')
    const { hosts } = await server.api.hosts()
    expect(hosts.map(({ name, config, lastRun }) => [name, config?.file, lastRun?.id])).toEqual([
      ['web-1', sshd.sshConfigFile, id],
      ['web-2', sshd.sshConfigFile, undefined],
      [sshd.address, undefined, id],
    ])
    const { ssh, config } = await server.api.host('web-1')
    expect(config?.file).toBe(sshd.sshConfigFile)
    expect(ssh).toMatchObject({ hostName: sshd.host, port: sshd.port, user: sshd.user })
    expect(ssh?.identityFiles).toEqual([sshd.keyFile])
    const shown = await runCli(['hosts', 'web-1', ...here])
    expect(shown.stdout.toString()).toContain(`IdentityFile    ${sshd.keyFile}\n`)
    const { stdout } = await runCli(['hosts', ...here], { env: { TZ: 'Asia/Tokyo' } })
    expect(stdout.toString()).toMatch(
      /^HOST +FROM +LAST RUN \(Asia\/Tokyo\)\nweb-1 .* \d{4}-\d\d-\d\d \d\d:\d\d\n/,
    )
    await expect(server.api.host('web-[1-2]')).rejects.toMatchObject({ code: 'bad-target' })
  })
})

const stepsOf = ({ steps }: HostCheck) => steps.map(({ step, ok }) => `${step} ${ok}`)
const check = (name: string) => server.api.checkHost(name, new AbortController().signal)

describe('a check of the way to a host', () => {
  test('tells each step with its time, and that it can hold durable runs; nothing is left there', async () => {
    const found = await check('web-1')
    expect(stepsOf(found)).toEqual(['resolve true', 'connect true', 'sign-in true', 'probe true'])
    expect([found.ok, found.durable]).toEqual([true, true])
    expect(found.steps[1]?.text).toContain('SSH-2.0-')
    const cli = await runCli(['hosts', 'web-2', '--check', ...here])
    expect(cli.stdout.toString()).toMatch(/^ok {4}resolve .*\nok {4}connect .*\nok {4}sign-in /)
    expect(cli.status).toBe(0)
    expect((await server.api.list({ state: 'running' })).length).toBe(0)
  })

  test('works inside the command, too, behind a jump host of ssh, and says why a host holds no durable run', async () => {
    await using far = await startSshd({
      aliases: ['far'],
      sshConfig: [`ProxyCommand ssh -F ${sshd.sshConfigFile} -W %h:%p web-1`],
      sshdConfig: ['SetEnv XDG_STATE_HOME=/proc/nowhere'],
    })
    const data = await directory()
    const args = ['hosts', 'far', '--check', '--json', '--data', data]
    const cli = await runCli([...args, '--ssh-config', far.sshConfigFile])
    const found: HostCheck = JSON.parse(cli.stdout.toString())
    expect(stepsOf(found)).toEqual(['sign-in true', 'probe true'])
    expect(found.durable).toBe(false)
    expect(found.steps[1]?.text).toMatch(
      /^durable runs: no, (?:its user has no directory|there is too little free space)/,
    )
  })

  test.each([
    ['nowhere.invalid', 'resolve false', 'has no address'],
    ['127.0.0.1:1', 'connect false', 'Nobody listens at 127.0.0.1, port 1'],
  ])('ends at %s with a sentence', async (name, step, sentence) => {
    const found = await check(name)
    expect([found.ok, found.durable, stepsOf(found).at(-1)]).toEqual([false, null, step])
    expect(found.steps.at(-1)?.text).toContain(sentence)
    expect(found.steps.at(-1)?.hint).not.toBe('')
    expect((await runCli(['hosts', name, '--check', ...here])).status).toBe(1)
  })

  test('ends where something else listens than an sshd', async () => {
    const other = createServer((socket) => socket.end('x'.repeat(5_000)))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const place = other.address()
    const port = typeof place === 'object' && place !== null ? place.port : 0
    expect((await check(`127.0.0.1:${port}`)).steps.at(-1)?.text).toContain('does not speak SSH')
  })

  test('asks nobody: a key that is not known is shown, and not trusted', async () => {
    await using unknown = await startSshd({ aliases: ['new'], known: false })
    const data = await directory()
    const args = ['hosts', 'new', '--check', '--json', '--data', data]
    const cli = await runCli([...args, '--ssh-config', unknown.sshConfigFile])
    const found: HostCheck = JSON.parse(cli.stdout.toString())
    expect(stepsOf(found)).toEqual(['resolve true', 'connect true', 'sign-in false'])
    expect(found.steps[2]?.text).toContain(await unknown.fingerprint())
    expect((await runCli([...args, '--ssh-config', unknown.sshConfigFile])).status).toBe(1)
  })
})

describe('completion', () => {
  const ask = (prefix: string) =>
    server.api.complete('web-1', { kind: 'path', prefix }, AbortSignal.timeout(20_000))

  test('gives the paths of the host that go on with what is typed, and runs none of it there', async () => {
    const home = await directory()
    await mkdir(join(home, 'app logs'))
    for (const name of [
      'app.log',
      "app'$(touch x).log",
      'other.log',
      'app\u001b[31m',
      'app\ntwo',
    ]) {
      await writeFile(join(home, name), '')
    }
    expect(await ask(join(home, 'app'))).toEqual({
      candidates: [
        join(home, 'app logs/'),
        join(home, "app'$(touch x).log"),
        join(home, 'app.log'),
      ],
      isCut: false,
    })
    const marker = join(home, 'made')
    for (const prefix of [
      `/$(touch ${marker})`,
      `/'; touch ${marker}; '`,
      `/\`touch ${marker}\``,
    ]) {
      expect((await ask(prefix)).candidates).toEqual([])
    }
    await expect(readFile(marker)).rejects.toThrow('ENOENT')
    // What is no path of a source is not looked for.
    expect(await ask('relative')).toEqual({ candidates: [], isCut: false })
  })

  test('says that there is more than it gives', async () => {
    const home = await directory()
    const names = Array.from({ length: limits.completionsMax + 5 }, (_, at) => `f-${at}`)
    await Promise.all(names.map((name) => writeFile(join(home, name), '')))
    const { candidates, isCut } = await ask(`${home}/f-`)
    expect([candidates.length, isCut]).toEqual([limits.completionsMax, true])
  })

  test('a host that cannot be asked says why, and waits for nobody', async () => {
    const asked = server.api.complete(
      'nobody.invalid',
      { kind: 'unit', prefix: '' },
      AbortSignal.timeout(20_000),
    )
    await expect(asked).rejects.toMatchObject({ code: 'name-not-resolved' })
  })
})
