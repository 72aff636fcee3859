/** The canary by the whole path, and that each fault on that path is told: a check that cannot fail is none. */
import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { CanaryReport } from '../../src/app/canary/canary-report.ts'
import { runCanary } from '../../src/app/canary/canary-run.ts'
import type { FarglassApi, FollowEvent } from '../../src/client/api.ts'
import { createHttpApi } from '../../src/client/http-api.ts'
import { AppError } from '../../src/shared/errors.ts'
import type { WireGroup } from '../../src/shared/protocol/events.ts'
import { parseExposition, valueOf } from '../support/exposition-parser.ts'
import { makeDataDirectory, runCli, startFarglass } from '../support/farglass.ts'
import { freePort } from '../support/free-port.ts'
import { startHttpServer } from '../support/http-server.ts'
import { localHosts } from '../support/local-hosts.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

const noQuestions = { take: () => undefined, close: () => undefined }
const { signal } = new AbortController()

function canary(api: FarglassApi): Promise<CanaryReport> {
  const parts = { host: 'web-1', lines: 100, seed: 42, signal }
  return runCanary({ api, questionsOf: () => noQuestions, ...parts })
}

test('a good canary reports every line, its latency, and leaves no run behind', async () => {
  await using server = await startHttpServer()
  const api = createHttpApi({ baseUrl: server.base })
  const report = await canary(api)
  expect(report.problems).toEqual([])
  expect(report).toMatchObject({
    host: 'web-1',
    good: true,
    run: null,
    lines: { sent: 110, lost: 0, duplicated: 0, reordered: 0, damaged: 0 },
  })
  const { p50, p99 } = report.latency ?? {}
  expect(p50?.minMs).toBeGreaterThanOrEqual(0)
  expect(p50?.maxMs).toBeGreaterThan(p50?.minMs ?? 0)
  expect(p99?.maxMs).toBeGreaterThanOrEqual(p50?.maxMs ?? 0)
  expect(await api.list()).toEqual([])
})

type Spoil = (lines: readonly string[]) => readonly string[]

const spoilers: readonly (readonly [
  fault: 'lost' | 'duplicated' | 'reordered' | 'damaged',
  Spoil,
])[] = [
  ['lost', ([, ...rest]) => rest],
  ['duplicated', ([first = '', ...rest]) => [first, first, ...rest]],
  ['reordered', ([first = '', second = '', ...rest]) => [second, first, ...rest]],
  ['damaged', ([first = '', ...rest]) => [`${first.slice(0, -1)}?`, ...rest]],
]

/** Spoils the first group of stdout with two lines or more. */
function spoilOnce(spoil: Spoil): (group: WireGroup) => WireGroup {
  let done = false
  return (group) => {
    if (done || group.channel !== 'out' || group.lines.length < 2) return group
    done = true
    return { ...group, lines: spoil(group.lines) }
  }
}

function spoiltStream(api: FarglassApi, spoil: Spoil): FarglassApi {
  const follow = async function* (
    ...args: Parameters<FarglassApi['follow']>
  ): AsyncGenerator<FollowEvent> {
    const change = spoilOnce(spoil)
    for await (const event of api.follow(...args)) {
      yield event.kind === 'lines' ? { ...event, groups: event.groups.map(change) } : event
    }
  }
  return { ...api, follow }
}

function spoiltHistory(api: FarglassApi, spoil: Spoil): FarglassApi {
  const lines = async (...args: Parameters<FarglassApi['lines']>) => {
    const page = await api.lines(...args)
    const texts = page.lines.filter(({ channel }) => channel === 'out').map(({ text }) => text)
    const others = page.lines.filter(({ channel }) => channel !== 'out')
    const base = page.lines[0]
    if (base === undefined) return page
    const spoilt = spoil(texts).map((text, at) => ({
      ...base,
      pos: at,
      channel: 'out' as const,
      text,
    }))
    return { ...page, lines: [...spoilt, ...others] }
  }
  return { ...api, lines }
}

function spoiltBytes(api: FarglassApi, spoil: Spoil): FarglassApi {
  const bytes = async (...[id, part]: Parameters<FarglassApi['bytes']>) => {
    const found = await api.bytes(id, part)
    if (part.channel !== 'out') return found
    const texts = new TextDecoder().decode(found).split('\n').slice(0, -1)
    return Buffer.from(`${spoil(texts).join('\n')}\n`)
  }
  return { ...api, bytes }
}

describe.each([
  ['the stream', spoiltStream],
  ['the stored history', spoiltHistory],
  ['the raw bytes', spoiltBytes],
] as const)('a fault in %s', (reading, spoilt) => {
  test.each(spoilers)('1 line %s is told, and the run is kept', async (fault, spoil) => {
    await using server = await startHttpServer()
    const api = createHttpApi({ baseUrl: server.base })
    const report = await canary(spoilt(api, spoil))
    expect(report.good).toBe(false)
    expect(report.lines).toMatchObject({ [fault]: 1 })
    expect(report.problems[0]).toContain(`Of stdout in ${reading} 1 line is ${fault}`)
    expect((await api.list()).map(({ id }) => id)).toEqual([report.run])
  })
})

test('lines that do not come within the limit are told, their run is stopped and kept', async () => {
  await using server = await startHttpServer()
  const api = createHttpApi({ baseUrl: server.base })
  const start: FarglassApi['start'] = (request) => {
    if (!('source' in request)) return api.start(request)
    const { source } = request
    const isLines = source.kind === 'command' && source.command !== ':'
    const command = isLines ? `${source.command.split('while')[0]}\nexec sleep 600` : ':'
    return api.start({ ...request, source: { kind: 'command', command } })
  }
  const parts = { host: 'web-1', lines: 100, seed: 42, signal, linesMs: 300 }
  const report = await runCanary({
    api: { ...api, start },
    questionsOf: () => noQuestions,
    ...parts,
  })
  expect(report).toMatchObject({ good: false, lines: { sent: 110, lost: 110 } })
  expect(report.problems[0]).toContain('Only 0 of 110 lines had come')
  const run = await until('it is stopped', async () => {
    const now = await api.get(report.run ?? '')
    return now.state === 'ended' && now
  })
  expect(run.outcome).toBe('stopped')
})

test('a host that lets no command run within the limit is told', async () => {
  let isConnecting = false
  await using server = await startHttpServer({
    hosts: localHosts(async (_, connecting) => {
      isConnecting = true
      await once(connecting, 'abort')
      throw new AppError('connection-timeout', 'It took too long.')
    }),
  })
  const api = createHttpApi({ baseUrl: server.base })
  const parts = { host: 'web-1', lines: 100, seed: 42, signal, openMs: 1_500 }
  const report = await runCanary({ api, questionsOf: () => noQuestions, ...parts })
  expect(isConnecting).toBe(true)
  expect(report).toMatchObject({ good: false, run: null })
  expect(report.problems).toEqual([expect.stringContaining('let no command run')])
})

test('a host that cannot be reached is told with its reason, and leaves no run behind', async () => {
  const refusing = await freePort()
  const data = await newDirectory()
  const { status, stdout, stderr } = await runCli([
    'doctor',
    '--canary',
    `127.0.0.1:${refusing}`,
    '--data',
    data,
    '--ssh-config',
    '/dev/null',
  ])
  expect(stderr).toBe('')
  expect(status).toBe(1)
  expect(stdout.toString()).toMatch(/^FAIL {2}127\.0\.0\.1:[0-9]+: .*refused.*\.\n$/i)
  const list = await runCli(['runs', '--json', '--data', data])
  expect(list.stdout.toString()).toBe('')
})

test('the command works with an engine of its own and with a server, as text and as JSON', async () => {
  await using sshd = await startSshd({ aliases: ['web-1', 'web-2'] })
  const data = await newDirectory()
  const config = ['--ssh-config', sshd.sshConfigFile]
  const alone = await runCli(['doctor', '--canary', 'web-1', '--data', data, ...config])
  expect(alone.stderr).toBe('')
  expect(alone.stdout.toString()).toMatch(
    /^ok {4}web-1: 1,100 lines sent: 0 lost, 0 duplicated, 0 reordered, 0 damaged; latency p50 [0-9.]+ to [0-9.]+ ms, p99 [0-9.]+ to [0-9.]+ ms\n$/,
  )
  expect(alone.status).toBe(0)
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
  const args = [
    'doctor',
    '--canary',
    'web-1,web-2',
    '--lines',
    '5',
    '--json',
    '--server',
    server.url,
  ]
  const env = { FARGLASS_TOKEN: server.token }
  const asked = await runCli(args, { env })
  expect(asked.stderr).toBe('')
  expect(asked.status).toBe(0)
  const reports = asked.stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as CanaryReport)
  expect(reports.map(({ host, good, lines }) => [host, good, lines.sent])).toEqual([
    ['web-1', true, 6],
    ['web-2', true, 6],
  ])
  expect(await server.api.list()).toEqual([])
})

test('a canary whose connection is cut is good all the same, and the cut is counted', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
  const { api } = server
  const follow = async function* (...args: Parameters<FarglassApi['follow']>) {
    let isCut = false
    for await (const event of api.follow(...args)) {
      yield event
      if (isCut || event.kind !== 'lines' || event.next < 500) continue
      isCut = true
      await sshd.killSessions()
    }
  }
  const parts = { host: 'web-1', lines: 20_000, seed: 42, signal }
  const report = await runCanary({
    api: { ...api, follow },
    questionsOf: () => noQuestions,
    ...parts,
  })
  expect(report.problems).toEqual([])
  expect(report.lines).toMatchObject({ sent: 22_000, lost: 0, duplicated: 0 })
  const figures = parseExposition(await (await api.request('/metrics')).text())
  expect(valueOf(figures, 'farglass_reconnects_total')).toBeGreaterThan(0)
  expect(valueOf(figures, 'farglass_gaps_total')).toBe(0)
})

test('a server with a canary has its figures at /metrics, says what is wrong, and keeps its list of runs free', async () => {
  await using sshd = await startSshd()
  const host = `127.0.0.1:${await freePort()}`
  const args = ['--canary', `web-1,${host}`, '--canary-every', '5s']
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, args })
  const figures = async () => parseExposition(await (await server.api.request('/metrics')).text())
  const all = await until('both hosts were tried', async () => {
    const now = await figures()
    const text = now.flatMap(({ samples }) => samples.map((sample) => sample.labels['host']))
    return text.includes(host) && now
  })
  expect(valueOf(all, 'farglass_canary_good', { host: 'web-1' })).toBe(1)
  expect(valueOf(all, 'farglass_canary_good', { host })).toBe(0)
  expect(valueOf(all, 'farglass_canary_checks_total', { host, result: 'bad' })).toBeGreaterThan(0)
  expect(valueOf(all, 'farglass_canary_checks_total', { host, result: 'good' })).toBe(0)
  expect(valueOf(all, 'farglass_canary_sent_lines_total', { host: 'web-1' })).toBe(1_100)
  for (const fault of ['lost', 'duplicated', 'reordered', 'damaged']) {
    const labels = { host: 'web-1', fault }
    expect(valueOf(all, 'farglass_canary_faulty_lines_total', labels)).toBe(0)
  }
  const p99 = valueOf(all, 'farglass_canary_latency_p99_seconds', { host: 'web-1' })
  expect(p99).toBeGreaterThan(0)
  await until('it is in the log', () => server.stderr().includes(`canary ${host}: `))
  expect(server.stderr()).not.toContain('canary web-1: ')
  await until('no run is left', async () => (await server.api.list()).length === 0)
  expect(await server.kill('SIGTERM')).toBe(0)
})

async function newDirectory(): Promise<string> {
  const directory = await makeDataDirectory()
  onTestFinished(() => removeFolder(directory))
  return directory
}
