/** Every command of `farglass` does its work with a server and without one, and tells programs of it as JSON. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commands } from '../../src/app/cli/commands.ts'
import {
  type Farglass,
  makeDataDirectory,
  runCli,
  startCli,
  startFarglass,
} from '../support/farglass.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let sshd: Sshd
let server: Farglass
let folder = ''

beforeAll(async () => {
  sshd = await startSshd({ aliases: ['web-1', 'web-2'] })
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
  folder = await mkdtemp(join(tmpdir(), 'fg-json-'))
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
  )
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
  await removeFolder(folder)
})

const files = {
  'saved.yaml': 'name: hello\nsource: { kind: command, command: echo hello }\n',
  'alert.yaml':
    'name: errors\nwhen: { kind: lines, filter: { levels: [error] } }\nwebhooks: [{ kind: ntfy, url: "https://ntfy.sh/x" }]\n',
  'schedule.yaml':
    "name: nightly\ncron: '30 2 * * *'\ntimeZone: UTC\nstart: { target: web-1, source: { kind: command, command: uptime } }\n",
  'trigger.yaml': 'name: deploy\nsaved: hello\ntarget: web-1\n',
  'payload.json': '{}',
  'log.txt': 'a line\n',
}

/** Where the work is done, as the environment says it. */
interface Place {
  readonly env: Readonly<Record<string, string>>
}

type Found = Record<string, unknown>

/** Runs a command with --json; every line must be an object, and its errors are given when it fails. */
async function json(place: Place, words: readonly string[], status = 0): Promise<readonly Found[]> {
  const at = words.indexOf('--')
  const flagged = words.toSpliced(at === -1 ? words.length : at, 0, '--json')
  const { env } = place
  const result = await runCli(flagged, { env })
  expect([words.join(' '), result.status, result.status === status ? '' : result.stderr]).toEqual([
    words.join(' '),
    status,
    '',
  ])
  return objectsIn(result.stdout.toString())
}

function objectsIn(text: string): readonly Found[] {
  expect(text === '' || text.endsWith('\n')).toBe(true)
  const lines = text.split('\n').slice(0, -1)
  return lines.map((line): Found => {
    const value: unknown = JSON.parse(line)
    expect(value).toBeTypeOf('object')
    return Object(value)
  })
}

test.each(['by itself', 'by a server'] as const)(
  'every command does its work %s and says it as JSON, one object a line',
  async (by) => {
    const data = await makeDataDirectory()
    const alone = { FARGLASS_DATA: data, FARGLASS_SSH_CONFIG: sshd.sshConfigFile }
    const named = { FARGLASS_DATA: data, FARGLASS_SERVER: server.url, FARGLASS_TOKEN: server.token }
    const own = { XDG_CONFIG_HOME: data }
    const place: Place = { env: by === 'by itself' ? { ...alone, ...own } : { ...named, ...own } }
    const used = new Set<string>()
    const ask = (words: string, status = 0) => {
      used.add(words.split(' ', 1)[0] ?? '')
      return json(place, words.replaceAll('%', `${folder}/`).split(' '), status)
    }
    try {
      const exportWhole = async (id: string) => {
        const words = ['export', id, '--format', 'run', '--output', join(folder, id)]
        expect((await runCli(words, place)).stderr).toBe('')
      }
      const [line] = await Promise.all([
        follow(place),
        runs(ask, exportWhole),
        keptThings(ask),
        hosts(ask),
      ])
      expect(line).toMatchObject({ host: 'web-1', channel: 'out', text: 'a line' })
      used.add('tail')
    } finally {
      await removeFolder(data)
    }
    // "serve" is below, and what "completion" prints is a script.
    expect(Object.keys(commands).filter((name) => !used.has(name))).toEqual(['serve', 'completion'])
  },
  // Some forty commands, each a process of its own.
  180_000,
)

type Ask = (words: string, status?: number) => Promise<readonly Found[]>

/** Of runs: started, left, listed, read, searched, exported, imported, pinned and removed by age. */
async function runs(ask: Ask, exportWhole: (id: string) => Promise<void>): Promise<void> {
  const output = { channel: 'out', text: 'hello' }
  const lines = await ask('run web-[1-2] -- echo hello')
  expect(lines.filter(({ channel }) => channel === 'out')).toMatchObject([output, output])
  expect(await ask('run web-[1-2] --dry-run')).toMatchObject([{ count: 2, folded: 'web-[1-2]' }])
  expect(await ask('run web-[1-2] --group -- echo hello')).toMatchObject([
    { hosts: ['web-1', 'web-2'] },
  ])
  const [first] = await ask('runs --text hello --limit 1')
  const id = String(first?.['id'])
  expect(await ask(`attach ${id} --last 3`)).toHaveLength(3)
  expect(await ask(`rerun ${id} -- echo again`)).toContainEqual(
    expect.objectContaining({ channel: 'out', text: 'again' }),
  )
  expect(await ask(`search hello --run ${id} --count`)).toMatchObject([{ run: id, count: 2 }])
  expect(await ask(`export ${id} --channel out`)).toMatchObject([output, output])
  expect(await ask(`pin --off ${id}`)).toMatchObject([{ id, pinned: false }])
  const [left] = await ask('run web-1 --detach -- sleep 600')
  expect(left).toMatchObject({ target: 'web-1', source: { command: 'sleep 600' } })
  const stopped = await ask(`stop ${String(left?.['id'])}`)
  expect(stopped).toContainEqual(
    expect.objectContaining({ host: 'web-1', note: expect.stringMatching(/^stopped: /) }),
  )
  await exportWhole(id)
  expect(await ask(`import %${id}`, 1)).toEqual([])
  expect(await ask('retention set --age 9w --dry-run')).toMatchObject([{ isSaved: false }])
}

/** Of what is kept under a name. */
async function keptThings(ask: Ask): Promise<void> {
  expect(await ask('saved put %saved.yaml')).toMatchObject([{ name: 'hello', version: 1 }])
  expect(await ask('triggers put %trigger.yaml')).toMatchObject([{ name: 'deploy' }])
  expect(await ask('triggers test deploy %payload.json')).toMatchObject([{ target: 'web-1' }])
  expect(await ask('triggers remove deploy')).toEqual([{ name: 'deploy', removed: true }])
  expect(await ask('saved remove hello')).toEqual([{ name: 'hello', removed: true }])
  expect(await ask('saved list')).toEqual([])
  expect(await ask('alerts put %alert.yaml')).toMatchObject([{ name: 'errors' }])
  expect(await ask('alerts preview %alert.yaml')).toMatchObject([{ kind: 'ntfy' }])
  expect(await ask('alerts remove errors')).toEqual([{ name: 'errors', removed: true }])
  expect(await ask('schedules preview %schedule.yaml')).toMatchObject([{ name: 'nightly' }])
  expect(await ask('schedules put %schedule.yaml')).toMatchObject([{ name: 'nightly' }])
  expect(await ask('schedules show nightly')).toMatchObject([{ cron: '30 2 * * *' }])
  expect(await ask('schedules remove nightly')).toEqual([{ name: 'nightly', removed: true }])
  expect(await ask('secrets show')).toMatchObject([{ unreadable: [] }])
}

/** Of hosts. */
async function hosts(ask: Ask): Promise<void> {
  expect(await ask('hosts add box --group spare')).toMatchObject([{ name: 'box' }])
  expect(await ask('hosts @spare --count')).toMatchObject([{ hosts: ['box'], count: 1 }])
  expect(await ask('hosts --groups')).toEqual([{ name: 'spare', hosts: ['box'], confirm: false }])
  expect(await ask('hosts remove box')).toEqual([{ name: 'box', removed: true }])
  expect(await ask('hosts web-[1-2] --check')).toContainEqual(
    expect.objectContaining({ name: 'web-2', ok: true, keyKnown: true, durable: true }),
  )
  expect(await ask('doctor')).toContainEqual(expect.objectContaining({ name: 'server', ok: true }))
}

/** The first line of a followed file. */
async function follow({ env }: Place): Promise<Found | undefined> {
  const tail = startCli(['tail', `web-1:${folder}/log.txt`, '--json'], { env })
  const lines = () => tail.stdout().slice(0, tail.stdout().lastIndexOf('\n') + 1)
  await until('its line is there', () => lines().includes('"out"'), 60_000)
  tail.kill('SIGINT')
  const { status, stdout } = await tail.done
  expect(status).toBe(130)
  return objectsIn(stdout.toString()).find(({ channel }) => channel === 'out')
}

test('"farglass serve --json" says where it is, once it is ready', async () => {
  const env = { FARGLASS_SSH_CONFIG: sshd.sshConfigFile }
  const data = await makeDataDirectory()
  const serve = startCli(['serve', '--json', '--port', '0', '--data', data], { env })
  await until('it is ready', () => serve.stdout().endsWith('\n'), 60_000)
  serve.kill('SIGTERM')
  const [ready] = objectsIn((await serve.done).stdout.toString())
  expect(ready).toEqual({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[0-9]+$/),
    linkFile: join(data, 'link'),
    pid: serve.pid,
  })
  await removeFolder(data)
})
