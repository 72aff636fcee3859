/** A server that is killed, stopped, starved of memory, and lost by all its viewers at once (F1, F3, F35, F48). */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { expectExact } from '../support/exact.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { canCapMemory, makeMemoryCap } from '../support/memory-cap.ts'
import { isAlive } from '../support/proc.ts'
import { open, watch } from '../support/raw-http.ts'
import {
  type RecordingViewer,
  recordByClient,
  recordByLastEventId,
} from '../support/recording-viewer.ts'
import { seededRandom, seedOfProcess } from '../support/seeded-random.ts'
import { startSshd } from '../support/sshd.ts'
import { tellFigure } from '../support/tell-figure.ts'
import { makeTruth, type Truth } from '../support/truth.ts'
import { until } from '../support/until.ts'
import { startWatchedRun } from '../support/watched-run.ts'

const seed = seedOfProcess()
const viewersMax = Number(process.env['FARGLASS_VIEWERS'] ?? 2_000)
const killsMax = Number(process.env['FARGLASS_KILLS'] ?? 20)

test(`F1: a server killed with -9 ${killsMax} times at random moments loses and repeats nothing`, async () => {
  const random = seededRandom(seed)
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  // Long enough for all kills; it is stopped by its own end.
  const truth = { seed, lines: 5_000 * killsMax, linesPerSecond: 2_000 }
  await using run = await startWatchedRun({ server, target: sshd.alias, ...truth })
  const backMs: number[] = []
  let isEnded = false
  while (backMs.length < killsMax && !isEnded) {
    await sleep(random.between(0, 800))
    await server.kill('SIGKILL')
    await server.restart()
    const begin = performance.now()
    isEnded = (await run.state()).state === 'ended'
    if (!isEnded) await run.goesOn()
    backMs.push(performance.now() - begin)
  }
  await run.endsExact()
  const worst = Math.max(...backMs)
  const median = backMs.toSorted((a, b) => a - b)[Math.floor(backMs.length / 2)] ?? 0
  tellFigure(
    `F1: ${backMs.length} kills; lines again ${Math.round(median)} ms after the start, at worst ${Math.round(worst)} ms`,
  )
  expect(median).toBeLessThan(3_000)
}, 400_000)

test('F3: a server that gets SIGTERM says bye, is gone within 5 s, leaves the run alone, and follows it again', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  const truth = { seed, lines: 8_000, linesPerSecond: 1_000 }
  await using run = await startWatchedRun({ server, target: sshd.alias, ...truth })
  const stream = await watch(`${server.url}/api/v1/runs/${run.id}/stream`)
  const begin = performance.now()
  expect(await server.kill('SIGTERM')).toBe(0)
  expect(performance.now() - begin).toBeLessThan(5_000)
  expect(await stream.over).toBe('ended')
  expect(stream.events.at(-1)?.event).toBe('bye')
  const before = run.truth.written().out.length
  await until('the command goes on alone', () => run.truth.written().out.length > before + 10_000)
  await server.restart()
  await run.endsExact()
}, 120_000)

test(`F35: ${viewersMax} viewers that lose the server at once all come back to it and have every line`, async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  const crowds: Crowd[] = []
  // A run has at most 1,024 viewers.
  for (let left = viewersMax; left > 0; left -= 1_000) {
    const truth = await makeTruth({ seed: seed + left, lines: 2_000, linesPerSecond: 30 })
    const source = { kind: 'command', command: truth.command } as const
    const { id } = await server.api.start({ target: sshd.alias, source })
    crowds.push({ truth, run: id, viewers: gather(server, id, Math.min(left, 1_000)) })
  }
  const viewers = crowds.flatMap((crowd) => crowd.viewers)
  await until('all are there', () => viewers.every(({ connections }) => connections > 0), 60_000)
  await server.kill('SIGKILL')
  await server.restart()
  const health = watchHealth(server)
  await Promise.all(viewers.map(({ done }) => done))
  const { worstMs, answers } = await health.stop()
  tellFigure(`F35: worst of ${answers} answers during the storm: ${Math.round(worstMs)} ms`)
  expect(answers).toBeGreaterThan(20)
  expect(worstMs).toBeLessThan(3_000)
  for (const crowd of crowds) await expectExact({ api: server.api, seed, ...crowd })
  for (const { truth } of crowds) await truth[Symbol.asyncDispose]()
}, 240_000)

interface Crowd {
  readonly truth: Truth
  readonly run: string
  readonly viewers: readonly RecordingViewer[]
}

/** So many viewers of a run; every tenth reads with our client. */
function gather(server: Farglass, run: string, count: number): RecordingViewer[] {
  return Array.from({ length: count }, (_, number) => {
    const options = { who: `viewer ${number}`, baseUrl: server.url, run }
    return number % 10 === 0 ? recordByClient(options) : recordByLastEventId(options)
  })
}

/** Asks for the health of the server ten times a second, from a process that has nothing else to do. */
function watchHealth(server: Farglass) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', askForHealth, server.url])
  const answers: number[] = []
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => answers.push(...text.trim().split('\n').map(Number)))
  return {
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'close')
      return { worstMs: Math.max(...answers), answers: answers.length }
    },
  }
}

/** Prints the milliseconds of each answer. */
const askForHealth = `
for (;;) {
  const start = performance.now()
  const answer = await fetch(process.argv[1] + '/healthz')
  await answer.text()
  console.log(performance.now() - start)
  await new Promise((resolve) => setTimeout(resolve, 100))
}
`

test.runIf(canCapMemory)(
  'F48: a server that the kernel ends for its memory follows its run again, exactly',
  async () => {
    await using cap = makeMemoryCap(220 * 1024 * 1024)
    await using sshd = await startSshd()
    const under = cap.words
    const { sshConfigFile } = sshd
    await using server = await startFarglass({ sshConfigFile, auth: 'none', under })
    const truth = { seed, lines: 15_000, linesPerSecond: 1_000 }
    await using run = await startWatchedRun({ server, target: sshd.alias, ...truth })
    // Viewers of a large run that take nothing: each holds a share of the memory of server and kernel.
    const source = { kind: 'command', command: `yes ${'x'.repeat(99)} | head -n 1000000` } as const
    const large = await server.api.start({ target: sshd.alias, source })
    const address = `${server.url}/api/v1/runs/${large.id}/stream`
    const isGone = () => !isAlive(server.pid)
    for (let count = 0; count < 400 && !isGone(); count++) {
      const stream = await open(address).catch(() => undefined)
      stream?.on('error', () => {})
      stream?.pause()
    }
    tellFigure(
      `F48: ${cap.kills()} kills by the kernel at 220 MiB with 400 viewers that take nothing`,
    )
    await server.restart()
    await run.endsExact()
  },
  180_000,
)
