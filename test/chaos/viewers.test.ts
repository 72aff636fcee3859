/** Faults of viewers: slow, stopped, too many, all at once (F33, F34, F36). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Run } from '../../src/shared/run.ts'
import { expectExact } from '../support/exact.ts'
import { type Farglass, startCli, startFarglass } from '../support/farglass.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { sha256Of } from '../support/history-checker.ts'
import { connectionsOf, memoryOf } from '../support/proc.ts'
import { recordByClient, recordByLastEventId } from '../support/recording-viewer.ts'
import { seedOfProcess } from '../support/seeded-random.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { tellFigure } from '../support/tell-figure.ts'
import { makeTruth } from '../support/truth.ts'
import { until } from '../support/until.ts'

const seed = seedOfProcess()
let sshd: Sshd
let server: Farglass

beforeAll(async () => {
  sshd = await startSshd()
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await sshd[Symbol.asyncDispose]()
})

function start(command: string): Promise<Run> {
  return server.api.start({ target: sshd.alias, source: { kind: 'command', command } })
}

function ended(run: Run, timeoutMs = 60_000): Promise<Run> {
  const look = async () => {
    const now = await server.api.get(run.id)
    return now.state === 'ended' && now
  }
  return until('the run ends', look, timeoutMs)
}

test('F33: a viewer that reads 1 kB/s only lags; others have everything at once, and memory stays', async () => {
  await using truth = await makeTruth({ seed, lines: 100_000, linesPerSecond: 0 })
  await using slowLink = await startFaultProxy({ targetPort: server.port })
  slowLink.setRules({ bytesPerSecond: 1_000, pieceBytesMax: 500 })
  const before = memoryOf(server.pid).now
  const run = await start(truth.command)
  await using slow = recordByClient({
    who: 'a slow viewer',
    baseUrl: `http://127.0.0.1:${slowLink.port}`,
    run: run.id,
  })
  const others = [1, 2, 3].map((number) =>
    recordByClient({ who: `viewer ${number}`, baseUrl: server.url, run: run.id }),
  )
  await Promise.all(others.map(({ done }) => done))
  await ended(run)
  // A viewer that comes after it all has the same, while the slow one still reads.
  const late = recordByLastEventId({ who: 'a late viewer', baseUrl: server.url, run: run.id })
  await late.done
  expect(slow.history.lines.length).toBeLessThan(10_000)
  expect(memoryOf(server.pid).now - before).toBeLessThan(96 * 1024 * 1024)
  slowLink.setRules({})
  await slow.done
  const viewers = [slow, ...others, late]
  await expectExact({ api: server.api, run: run.id, truth, viewers, seed })
})

test('F34: a viewer that is stopped is cut off within two minutes, and has every byte when it goes on', async () => {
  // Far more than the buffers of kernel and server hold for it.
  const text = `${'x'.repeat(99)}\n`.repeat(600_000)
  const run = await start(`yes ${'x'.repeat(99)} | head -n 600000`)
  const cli = startCli(['attach', '--data', server.dataDirectory, run.id])
  await until('it reads', () => cli.stdout().length > 0)
  const ports = new Set(connectionsOf(cli.pid).map(({ local }) => local))
  const held = () => connectionsOf(server.pid).filter(({ remote }) => ports.has(remote)).length
  cli.kill('SIGSTOP')
  await ended(run)
  expect(held()).toBeGreaterThan(0)
  await until('the server lets go of it', () => held() === 0, 150_000)
  cli.kill('SIGCONT')
  const { stdout } = await cli.done
  expect([stdout.length, sha256Of(stdout)]).toEqual([text.length, sha256Of(text)])
})

test('F36: 1,000 viewers of a live run have each line within a second of each other', async () => {
  await using truth = await makeTruth({ seed, lines: 2_000, linesPerSecond: 200 })
  const run = await start(truth.command)
  const viewers = Array.from({ length: 1_000 }, (_, number) =>
    recordByLastEventId({ who: `viewer ${number}`, baseUrl: server.url, run: run.id }),
  )
  await Promise.all(viewers.map(({ done }) => done))
  const times = viewers.map(({ lastLineMs }) => lastLineMs)
  const skewMs = Math.max(...times) - Math.min(...times)
  tellFigure(`F36: the last line came to 1,000 viewers within ${Math.round(skewMs)} ms`)
  expect(skewMs).toBeLessThan(1_000)
  await expectExact({ api: server.api, run: run.id, truth, viewers, seed })
}, 120_000)
