/** A server that runs out of something: places, descriptors, memory, time of its own (F32, F46 to F49). */
import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Run } from '../../src/shared/run.ts'
import { expectExact } from '../support/exact.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { cpuSecondsOf } from '../support/proc.ts'
import { startProxiedSshd } from '../support/proxied-sshd.ts'
import { postJson, send } from '../support/raw-http.ts'
import { recordByClient, recordByLastEventId } from '../support/recording-viewer.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { seedOfProcess } from '../support/seeded-random.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { tellFigure } from '../support/tell-figure.ts'
import { makeTruth } from '../support/truth.ts'
import { until } from '../support/until.ts'

const seed = seedOfProcess()
let sshd: Sshd

beforeAll(async () => {
  sshd = await startSshd()
})

afterAll(() => sshd[Symbol.asyncDispose]())

function start(server: Farglass, command: string): Promise<Run> {
  return server.api.start({ target: sshd.alias, source: { kind: 'command', command } })
}

test('F32: 11,000 runs asked for at once wait or are refused with 429, and everything else is answered', async () => {
  // The host takes connections and says nothing, so that no run gets on.
  await using host = await startProxiedSshd()
  host.proxy.startBlackHole()
  await using server = await startFarglass({ sshConfigFile: host.sshConfigFile, auth: 'none' })
  const body = { target: host.alias, source: { kind: 'command', command: 'true' } }
  const statuses = new Map<number, number>()
  let left = 11_000
  const askOn = async () => {
    while (left-- > 0) {
      const { status } = await postJson(`${server.url}/api/v1/runs`, body)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  const times: number[] = []
  const asking = Promise.all(Array.from({ length: 200 }, askOn))
  while (left > 0) {
    const begin = performance.now()
    const { status } = await send(`${server.url}/api/v1/runs?limit=1`)
    times.push(performance.now() - begin)
    expect(status).toBe(200)
    await sleep(50)
  }
  await asking
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
  tellFigure(`F32: ${JSON.stringify([...statuses])}, others answered in ${Math.round(median)} ms`)
  expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual([201, 429])
  // 512 under way and 10,000 that wait; a run that failed meanwhile has made room for another.
  expect(statuses.get(201)).toBeGreaterThanOrEqual(10_512)
  expect(times.length).toBeGreaterThan(5)
  expect(median).toBeLessThan(200)
}, 180_000)

test('F46: a clock that is turned back an hour and on ten days changes no order, no rest, and ends old logins', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fg-clock-'))
  const clock = join(directory, 'clock')
  const turn = (text: string) => writeFile(clock, text)
  await turn('+0')
  await using server = await startFarglass({
    sshConfigFile: sshd.sshConfigFile,
    env: {
      LD_PRELOAD: '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  })
  const cookie = await signIn(server)
  const isSignedIn = async () => {
    const { json } = await send(`${server.url}/api/v1/session`, {
      headers: { cookie, 'x-farglass': '1' },
    })
    return (json as { signedIn: boolean }).signedIn
  }
  await using truth = await makeTruth({ seed, lines: 6_000, linesPerSecond: 1_000 })
  const run = await start(server, truth.command)
  const viewer = recordByClient({
    who: 'a viewer',
    baseUrl: server.url,
    run: run.id,
    token: server.token,
  })
  const halfOf = (part: number) => () => viewer.history.lines.length > 6_000 * part
  await until('a third is there', halfOf(0.3))
  await turn('-1h')
  await until('half is there', halfOf(0.5))
  expect(await isSignedIn()).toBe(true)
  await turn('+10d')
  await viewer.done
  expect(await isSignedIn()).toBe(false)
  await expectExact({ api: server.api, run: run.id, truth, viewers: [viewer], seed })
  const times = (await server.api.lines(run.id, 0, 1_000)).lines.map(({ time }) => time)
  const lastPage = await server.api.lines(run.id, viewer.history.lines.length - 10, 10)
  expect(
    Date.parse(lastPage.lines.at(-1)?.time ?? '') - Date.parse(times[0] ?? ''),
  ).toBeGreaterThan(9 * 24 * 3_600_000)
  // No storm of timers: a server with nothing to do does nothing.
  const before = cpuSecondsOf(server.pid)
  await sleep(3_000)
  expect(cpuSecondsOf(server.pid) - before).toBeLessThan(0.5)
  await removeFolder(directory)
})

/** The cookie of a browser that has opened the printed link. */
async function signIn(server: Farglass): Promise<string> {
  const token = new URL(server.link()).hash.replace(/^.*[#&=]/, '')
  const { headers, status } = await postJson(
    `${server.url}/api/v1/sign-in`,
    { token },
    { origin: server.url },
  )
  expect(status).toBe(200)
  return String(headers['set-cookie']).split(';')[0] ?? ''
}

test('F47: without descriptors left it lives, and serves again when there are some', async () => {
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  const { pid } = server
  await promisify(execFile)('prlimit', ['--pid', String(pid), '--nofile=80'])
  const sockets = Array.from({ length: 120 }, () => silentConnection(server.port))
  const isAnswered = () =>
    fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(500) }).then(
      (answer) => answer.ok,
      () => false,
    )
  await until('nothing is left', async () => !(await isAnswered()))
  for (const socket of sockets) socket.destroy()
  await until('it answers again', isAnswered)
  expect(server.pid).toBe(pid)
  await using truth = await makeTruth({ seed, lines: 2_000, linesPerSecond: 0 })
  const run = await start(server, truth.command)
  const viewer = recordByLastEventId({ who: 'a viewer', baseUrl: server.url, run: run.id })
  await viewer.done
  await expectExact({ api: server.api, run: run.id, truth, viewers: [viewer], seed })
})

function silentConnection(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  return socket
}

test('F49: a server that stands still for 5 s gives up no connection and loses nothing', async () => {
  await using host = await startProxiedSshd()
  await using server = await startFarglass({ sshConfigFile: host.sshConfigFile, auth: 'none' })
  await using truth = await makeTruth({ seed, lines: 8_000, linesPerSecond: 1_000 })
  const source = { kind: 'command', command: truth.command } as const
  const { id } = await server.api.start({ target: host.alias, source })
  const viewer = recordByClient({ who: 'a viewer', baseUrl: server.url, run: id })
  await until('it is under way', () => viewer.history.lines.length > 1_000)
  process.kill(server.pid, 'SIGSTOP')
  await sleep(5_000)
  process.kill(server.pid, 'SIGCONT')
  await viewer.done
  expect(host.proxy.accepted).toBe(1)
  expect(await server.api.get(id)).toMatchObject({ outcome: 'succeeded' })
  await expectExact({ api: server.api, run: id, truth, viewers: [viewer], seed })
})
