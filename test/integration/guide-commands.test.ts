/** The command lines of docs/guide that no other test runs, on real hosts, and that all of them are such as are taken. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { basename, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCommandLine } from '../../src/app/cli/command-line.ts'
import { commandSpecs } from '../../src/app/cli/commands.ts'
import { type Container, startContainer } from '../support/container.ts'
import { type Farglass, makeDataDirectory, startFarglass } from '../support/farglass.ts'
import {
  createGuideShell,
  type GuideShell,
  guideBlocks,
  guideCommands,
  guideNames,
  guideText,
} from '../support/guide-shell.ts'
import { type Journal, startJournal } from '../support/journal.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

const aliases = ['web-1', 'web-2', 'web-3', 'web-4', 'db-1']
let sshd: Sshd
let server: Farglass
let shell: GuideShell
let journal: Journal
let container: Container
let data = ''

beforeAll(async () => {
  const sshdConfig = ['AcceptEnv LC_NAME', 'PermitUserEnvironment yes']
  sshd = await startSshd({ aliases, sshdConfig })
  journal = startJournal()
  container = startContainer()
  const path = [journal.path, container.path, process.env['PATH']].join(':')
  const key = readFileSync(sshd.authorizedKeysFile, 'utf8')
  writeFileSync(sshd.authorizedKeysFile, `environment="PATH=${path}" ${key}`)
  const { directory } = sshd
  data = await makeDataDirectory()
  const config = join(directory, 'named_config')
  const own = aliases.map((name) => `Host ${name}\nSetEnv LC_NAME=${name}\n`)
  writeFileSync(config, `${own.join('')}Host *\nInclude ${sshd.sshConfigFile}\n`, { mode: 0o600 })
  const [inventory = ''] = guideBlocks('inventory.md', 'yaml')
  writeFileSync(join(directory, 'inventory.yaml'), inventory)
  writeFileSync(join(directory, 'fleet.yaml'), 'hosts:\n  web-[1-38]:\n    groups: [web]\n')
  shell = createGuideShell(directory, { FARGLASS_DATA: data })
  const [makeKey = ''] = guideBlocks('secrets.md', 'sh').filter((block) => block.includes('base64'))
  await ok(makeKey)
  server = await startFarglass({
    dataDirectory: data,
    sshConfigFile: config,
    args: ['--inventory', join(directory, 'fleet.yaml')],
    env: { FARGLASS_SECRET_KEY_FILE: join(directory, 'farglass.key') },
  })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
  await journal[Symbol.asyncDispose]()
  container[Symbol.dispose]()
  await removeFolder(data)
})

/** Runs an example; its status must be 0. What it prints is given. */
async function ok(line: string): Promise<string> {
  const { status, text } = await shell.run(line)
  expect([line, status, status === 0 ? '' : text]).toEqual([line, 0, ''])
  return text
}

test('every command line of the guides has flags and words that its command takes', async () => {
  const specs = new Map((await commandSpecs()).map((spec) => [spec.name, spec]))
  const lines = guideNames().flatMap((name) => guideCommands(name))
  expect(lines.length).toBeGreaterThan(50)
  for (const line of lines) {
    const [first = '', ...args] = wordsOf(line)
    const spec = specs.get(first)
    if (spec === undefined) throw new Error(`No command is named as in: ${line}`)
    expect([line, parseCommandLine(spec, args).has('help')]).toEqual([line, false])
  }
})

/** As a shell gives them to the program; variables are left as they are. */
function wordsOf(line: string): readonly string[] {
  const script = `farglass() { printf '%s\\0' "$@"; }; ${line.replaceAll('$', '\\$').replace(/ [|>] .*$/, '')}`
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
}

describe('docs/guide/command-line.md', { timeout: 60_000 }, () => {
  test('shows what is printed of hosts that have printed the same', async () => {
    const text = guideText('command-line.md')
    const [, line = '', shown = ''] =
      /`(farglass run [^`]* --group -- uname -r)`[^]*?```\n([^]*?)```/.exec(text) ?? []
    const kernel = 'case "$LC_NAME" in web-3) echo 5.10.0;; web-4) exit 127;; *) echo 6.1.0;; esac'
    const { status, text: printed } = await shell.run(line.replace('uname -r', `'${kernel}'`))
    const said = printed.split('\n').filter((each) => !each.startsWith('farglass: '))
    expect(said.join('\n')).toBe(shown)
    expect(status).toBe(127)
  })

  test('finds and exports lines as it says', async () => {
    const told = ['connection reset', 'took 12345ms', 'ERROR timeout'].map((one) => `echo '${one}'`)
    await ok(`farglass run web-1 -- "${told.join('; ')}"`)
    const [run] = await server.api.list({ limit: 1 })
    const lines = guideCommands('command-line.md').filter((line) => / (search|export) /.test(line))
    const tryOut = async (line: string) => {
      const printed = await ok(line.replace('RUN', run?.id ?? ''))
      if (line.includes('took')) expect(printed).toContain('took 12345ms')
      if (line.includes('--count')) expect(printed).toContain(`${run?.id ?? ''}:1\n`)
    }
    await Promise.all(lines.map(tryOut))
  })

  test('its examples of tail print what files, a journal and a container say, until they are left', async () => {
    const log = join(sshd.directory, 'log')
    const jobs = join(sshd.directory, 'jobs')
    for (const folder of [join(log, 'nginx'), jobs]) mkdirSync(folder, { recursive: true })
    const say = (file: string) => appendFileSync(file, `said in ${basename(file)}\n`)
    for (const name of ['syslog', 'nginx/access.log', 'app.log']) say(join(log, name))
    journal.write('said in the journal')
    container.print('out', 'said in the container')
    const replaced = {
      '/var/log/': `${log}/`,
      // As it stands there it begins at the home of the user.
      ':jobs/': `:${relative(userInfo().homedir, jobs)}/`,
      'nginx.service': 'app.service',
    }
    const lines = guideCommands('command-line.md').filter((line) => line.includes(' tail '))
    const wanted: readonly (readonly RegExp[])[] = [
      [/^said in syslog$/m],
      [/^web-1 \S+access\.log │ said in access/m, /^web-2 \S+access\.log │ said in access/m],
      [/app\.log │ said in app\.log$/m, /today\.log │ said in today\.log$/m],
      [/^web-1 │ .* said in the journal$/m, /^web-2 │ .* said in the journal$/m],
      [/^web-1 │ said in the container$/m, /^web-2 │ said in the container$/m],
    ]
    expect(lines).toHaveLength(wanted.length)
    const tryOut = async (line: string, at: number) => {
      const followed = shell.follow(
        Object.entries(replaced).reduce((text, [from, to]) => text.replace(from, to), line),
      )
      await until(`"${line}" prints what it follows`, () => {
        // Who asks for no older lines sees those alone that come once it follows.
        if (line.includes('--lines 0')) for (const file of newFiles) say(file)
        return (wanted[at] ?? []).every((pattern) => pattern.test(followed.text()))
      })
      expect(await followed.leave()).toBe(130)
    }
    const newFiles = [join(log, 'app.log'), join(jobs, 'today.log')]
    await Promise.all(lines.map(tryOut))
  })

  test('its other examples do what stands beside them', async () => {
    const replaced = {
      '/var/log/syslog': sshd.knownHostsFile,
      'journalctl -f -o cat': 'echo from the journal',
      'htop -C': 'tty',
      'sleep 600': 'sleep 1',
    }
    const changed = (line: string) =>
      Object.entries(replaced).reduce((text, [from, to]) => text.replace(from, to), line)
    const block =
      guideBlocks('command-line.md', 'sh').find((text) => text.includes('htop -C')) ?? ''
    const lines = block.split('\n').filter((line) => line.startsWith('farglass run '))
    const printed = await Promise.all(lines.map(changed).map(ok))
    expect(printed[0]).toMatch(/^web-[12] │ /m)
    expect(printed[1]).toContain('from the journal\n')
    expect(printed[2]).toMatch(/^\/dev\//)
    expect(printed[3]).toMatch(/^r[a-z0-9]{25}\n$/)
    const [attach = ''] = guideCommands('command-line.md').filter((line) =>
      line.includes(' --last '),
    )
    expect(await ok(attach.replace('RUN', printed[3]?.trim() ?? ''))).toContain('done\n')
  })
})

test('docs/guide/targets.md and start.md: a target is told before it runs', async () => {
  const [dryRun = '', list = ''] = guideCommands('targets.md')
  expect(await ok(dryRun)).toBe(`${/# (.*), and nothing starts/.exec(dryRun)?.[1] ?? ''}\n`)
  const [title = '', ...hosts] = (await ok(list)).trim().split('\n')
  expect(title).toMatch(/^HOST +GROUPS, TAGS /)
  expect(hosts).toHaveLength(37)
  const [uptime = ''] = guideCommands('start.md')
  expect(await ok(uptime)).toContain('load average')
}, 60_000)

test('docs/guide/secrets.md: a secret is hidden, and the keys that seal are shown and exchanged', async () => {
  writeFileSync(join(sshd.directory, 'token.txt'), 'not-for-everybody\n')
  const commands = guideCommands('secrets.md')
  const [told = ''] = commands.filter((line) => line.includes('@token.txt'))
  expect(await ok(told)).toBe('the token is [secret]\n')
  const [show = '', rotate = '', forget = ''] = commands.filter((line) =>
    line.startsWith('farglass secrets '),
  )
  const before = await ok(show)
  await ok(rotate)
  expect(await ok(show)).not.toBe(before)
  await ok(forget)
}, 60_000)

test('docs/guide/hosts-and-keys.md and inventory.md: hosts are looked at, checked, added, removed and imported', async () => {
  const looked = await Promise.all(guideCommands('hosts-and-keys.md').map(ok))
  expect(looked.at(-1)).toContain('durable runs: yes')
  // Hosts of the file lead elsewhere from here on.
  for (const line of guideCommands('inventory.md')) {
    const printed = await ok(line)
    if (line.includes(' add ')) expect(printed).toContain(': added.')
    if (line.includes('--groups')) expect(printed).toMatch(/^@web +38 hosts/m)
  }
  expect(await ok("farglass hosts '@cache' --count")).toBe('cache-[1-3] (3 hosts)\n')
}, 90_000)
