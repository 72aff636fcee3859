/** What went wrong in other programs of this kind, each under the name of its public advisory. */
import { chownSync, existsSync, readdirSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDataDirectory, runCli, startCli, startFarglass } from '../support/farglass.ts'
import { startHttpServer } from '../support/http-server.ts'
import { localHosts } from '../support/local-hosts.ts'
import { allProcesses } from '../support/proc.ts'
import { postJson, send } from '../support/raw-http.ts'
import { startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fg-advisories-'))
})

afterAll(() => rm(directory, { recursive: true, force: true }))

const form = { host: 'web-1', username: 'ann', password: '', command: 'true' }

function postForm(base: string, fields: Readonly<Record<string, string>>) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams({ ...form, ...fields }).toString()
  return send(`${base}/run`, { method: 'POST', headers, body })
}

const options = ['-oProxyCommand=id', '-l', '--', '-F/etc/passwd', 'a b', 'web-1 -oX=y']
const payloads = [
  '$(id)',
  '`id`',
  ';id',
  '|id',
  '&id',
  'a\nid',
  "'",
  '"',
  '\\',
  '<a',
  '>a',
  '{a,b}',
]

describe.each(['host', 'username'])(
  'advisory-CVE-2026-4631, advisory-CVE-2023-51385: %s',
  (field) => {
    test.each([...options, ...payloads])('%j is refused, and nothing connects', async (text) => {
      const targets: string[] = []
      const hosts = localHosts(async ({ destination }) => void targets.push(destination.text))
      await using server = await startHttpServer({ hosts })
      const answer = await postForm(server.base, { [field]: text })
      expect(answer).toMatchObject({ status: 400, json: { error: { code: 'bad-target' } } })
      expect([targets, await server.service.list({ limit: 1 })]).toEqual([[], []])
    })
  },
)

test('advisory-CVE-2026-4802: shell text in a command reaches its shell unchanged, and no argument of any process', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  const canary = join(directory, 'canary')
  const mark = `sleep 0.3${process.pid}`
  const texts = [
    `$(touch ${canary})`,
    `\`touch ${canary}\``,
    `'; touch ${canary}; '`,
    `" $HOME \\ "`,
  ]
  const seen = new Set<string>()
  for (const text of texts) {
    const command = `cat <<'END'\n${text}\nEND\n${mark}`
    const fields = { host: sshd.alias, username: '', command }
    const { uid } = (await postForm(server.url, fields)).json as { uid: string }
    await until('the run ends', async () => {
      for (const { command: words } of allProcesses()) seen.add(words)
      return (await server.api.get(uid)).state === 'ended'
    })
    const raw = await server.api.request(`/api/v1/runs/${uid}/raw?channel=out`)
    expect(await raw.text()).toBe(`${text}\n`)
  }
  expect([...seen].some((words) => words.includes(mark))).toBe(true)
  expect([...seen].filter((words) => words.includes(canary))).toEqual([])
  expect(existsSync(canary)).toBe(false)
})

test('advisory-CVE-2020-35850: without a login no host is connected to', async () => {
  const targets: string[] = []
  const hosts = localHosts(async ({ destination }) => void targets.push(destination.text))
  await using server = await startHttpServer({ auth: 'token', hosts })
  const source = { kind: 'command', command: 'true' }
  for (const host of ['127.0.0.1:22', '[::1]:22', '169.254.169.254']) {
    const run = await postJson(`${server.base}/api/v1/runs`, { target: host, source })
    expect([run.status, (await postForm(server.base, { host })).status]).toEqual([401, 401])
  }
  expect([targets, server.calls]).toEqual([[], []])
})

test('advisory-CVE-2021-34182: as it is installed, nobody runs a command without a login', async () => {
  await using server = await startFarglass()
  const source = { kind: 'command', command: `touch ${join(directory, 'open')}` }
  const answer = await postJson(`${server.url}/api/v1/runs`, { target: 'web-1', source })
  expect([answer.status, (await postForm(server.url, {})).status]).toEqual([401, 401])
  expect(await server.api.list()).toEqual([])
  for (const host of ['0.0.0.0', '::']) {
    const open = await runCli(['serve', '--host', host, '--auth', 'none', '--port', '0'])
    expect([open.status, open.stderr]).toEqual([2, expect.stringContaining('is refused on')])
  }
})

test('advisory-GHSA-54p6-6j68-j5vr: no token is an argument of a process', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
  const link = server.link().split('#t=')[1] ?? ''
  const env = { FARGLASS_SERVER: server.url, FARGLASS_TOKEN: server.token }
  const cli = startCli(['run', sshd.alias, '--', 'echo up; sleep 30'], { env })
  await until('it runs', () => cli.stdout().includes('up'))
  const words = allProcesses().map(({ command }) => command)
  cli.kill('SIGINT')
  await cli.done
  expect(words.some((text) => text.includes(server.dataDirectory))).toBe(true)
  expect(words.filter((text) => text.includes(server.token) || text.includes(link))).toEqual([])
  const refused = await runCli(['runs', '--token', server.token], {})
  expect(refused.status).toBe(2)
})

describe('advisory-CVE-2021-3701, advisory-CVE-2021-3702', () => {
  test('what runs on a host and what holds its connection lie in directories of their user alone', async () => {
    const temporary = join(directory, 'tmp')
    await mkdir(temporary)
    await using sshd = await startSshd()
    // Sockets do not fit into so long a path, so they lie below the directory for temporary files.
    const dataDirectory = join(directory, 'long'.repeat(20))
    const env = { TMPDIR: temporary }
    const { sshConfigFile } = sshd
    await using server = await startFarglass({ sshConfigFile, dataDirectory, env })
    const source = { kind: 'command', command: 'sleep 30' } as const
    const { id } = await server.api.start({ target: sshd.alias, source })
    await until('it runs', async () => (await server.api.get(id)).tasks[0]?.state === 'running')
    const made = readdirSync(temporary)
      .filter((name) => name.startsWith('farglass-'))
      .map((name) => join(temporary, name))
    expect(made).toHaveLength(1)
    for (const path of [...made, dataDirectory, join(sshd.stateHome, 'farglass/runs')])
      expect([path, statSync(path).mode & 0o077]).toEqual([path, 0])
  })

  test.runIf(process.getuid?.() === 0)(
    'a data directory that somebody else has made is refused with a sentence',
    async () => {
      const path = join(directory, 'foreign')
      await mkdir(path, { mode: 0o700 })
      chownSync(path, 12_345, 12_345)
      const serve = await runCli(['serve', '--port', '0', '--data', path])
      expect(serve.status).toBe(1)
      expect(serve.stderr).toContain(`${path} cannot be used: it belongs to user 12345`)
      expect(readdirSync(path)).toEqual([])
    },
  )

  test('a data directory of others’ rights gets those of its owner alone', async () => {
    const path = await makeDataDirectory()
    await mkdir(join(path, 'shared'), { mode: 0o777 })
    await using _server = await startFarglass({ dataDirectory: join(path, 'shared') })
    expect(statSync(join(path, 'shared')).mode & 0o777).toBe(0o700)
    await rm(path, { recursive: true })
  })
})
