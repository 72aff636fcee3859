/** Files that are written and rotated at random, followed by a server, under random cuts and kills (F26). */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Run } from '../../src/shared/run.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { startPlainTail } from '../support/plain-tail.ts'
import { removeFolder } from '../support/remove-folder.ts'
import {
  checkLines,
  kindsOfTrials,
  type LineCheck,
  type RotatingLog,
  startRotatingLog,
} from '../support/rotating-log.ts'
import { type SeededRandom, seededRandom, seedOfProcess } from '../support/seeded-random.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { tellFigure } from '../support/tell-figure.ts'
import { until } from '../support/until.ts'

const trials = Number(process.env['FARGLASS_TRIALS'] ?? 50)
/** Trials at the same time: each has a file, a run and a seed of its own, and all get the same cuts. */
const together = 5
const linesPerSecond = 3_000
const writingMs = 12_000

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

interface Trial {
  readonly seed: number
  readonly kinds: readonly string[]
  readonly log: RotatingLog
  readonly run: Run
}

async function startTrial(directory: string, seed: number): Promise<Trial> {
  const random = seededRandom(seed)
  const kinds = random.pick([...kindsOfTrials])
  const file = join(directory, `${seed}.log`)
  const log = startRotatingLog({ file, linesPerSecond, seed, kinds })
  const source = { kind: 'files', paths: [file], lines: 1 } as const
  const run = await server.api.start({ target: sshd.alias, source })
  const isStored = async () => (await server.api.get(run.id)).lines > 0
  await until('the first line is stored', isStored, 60_000)
  return { seed, kinds, log, run }
}

async function stored(run: Run): Promise<string[]> {
  const answer = await server.api.request(`/api/v1/runs/${run.id}/raw?task=0&channel=out`)
  return (await answer.text()).split('\n').slice(0, -1)
}

/** Connections are cut, and now and then the server is killed with -9. Gives how often. */
async function spoil(random: SeededRandom): Promise<{ cuts: number; kills: number }> {
  const end = performance.now() + writingMs
  let cuts = 0
  let kills = 0
  while (performance.now() < end) {
    await sleep(random.between(300, 2_500))
    if (random.next() < 0.15) {
      await server.kill('SIGKILL')
      await server.restart()
      kills += 1
    } else {
      await sshd.killSessions()
      cuts += 1
    }
  }
  return { cuts, kills }
}

async function finish({ run, log, seed, kinds }: Trial) {
  const { lines: written, rotations } = await log.stop()
  const isWhole = async () => checkLines(await stored(run), written).lost === 0
  await until('every line is stored', isWhole, 90_000).catch(() => undefined)
  const check = checkLines(await stored(run), written)
  const { gaps } = await server.api.get(run.id)
  await server.api.stop(run.id)
  return { seed, kinds: kinds.join(','), written, rotations, gaps, ...check }
}

/** What `tail -F` has of a file, beside the same cuts. */
function plainLoss(lines: readonly string[], written: number): LineCheck {
  return checkLines(lines, written)
}

test(`F26: ${trials} follows through all kinds of rotation, connections cut and the server killed: nothing lost, nothing doubled, no false gap`, {
  timeout: trials * 60_000,
}, async () => {
  const first = seedOfProcess()
  const results: Awaited<ReturnType<typeof finish>>[] = []
  const sum = { cuts: 0, kills: 0, plainLost: 0, plainWritten: 0, plainDoubled: 0 }
  for (let at = 0; at < trials; at += together) {
    const directory = await mkdtemp(join(tmpdir(), 'fg-rotation-'))
    const seeds = Array.from({ length: Math.min(together, trials - at) }, (_, n) => first + at + n)
    const group = await Promise.all(seeds.map((seed) => startTrial(directory, seed)))
    const plain = startPlainTail(sshd, join(directory, `${first + at}.log`))
    await until('tail has begun', () => plain.lines().length > 0, 30_000)
    const { cuts, kills } = await spoil(seededRandom(first + at))
    const ended = await Promise.all(group.map(finish))
    await plain[Symbol.asyncDispose]()
    const loss = plainLoss(plain.lines(), ended[0]?.written ?? 0)
    results.push(...ended)
    sum.cuts += cuts
    sum.kills += kills
    sum.plainLost += loss.lost
    sum.plainDoubled += loss.duplicated
    sum.plainWritten += ended[0]?.written ?? 0
    await removeFolder(directory)
    tellFigure(
      `${results.length} trials: ${cuts} cuts, ${kills} kills; ${ended.map(({ seed, rotations }) => `seed ${seed}: ${rotations} rotations`).join(', ')}`,
    )
  }
  const total = (count: (result: (typeof results)[number]) => number) =>
    results.reduce((all, result) => all + count(result), 0)
  tellFigure(
    `follow: ${results.length} trials, ${total(({ written }) => written)} lines, ${total(({ rotations }) => rotations)} rotations, ${sum.cuts} cuts and ${sum.kills} kills of all of them: ${total(({ lost }) => lost)} lost, ${total(({ duplicated }) => duplicated)} doubled, ${total(({ gaps }) => gaps)} gaps`,
  )
  tellFigure(
    `tail -F beside it, one file in ${together}: ${sum.plainLost} of ${sum.plainWritten} lines lost, ${sum.plainDoubled} doubled`,
  )
  const bad = results.filter(
    ({ lost, duplicated, strange, gaps }) => lost + duplicated + strange + gaps > 0,
  )
  expect(bad).toEqual([])
})
