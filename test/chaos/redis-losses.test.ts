/** Redis loses its newest lines and the node that wrote them dies too (F44): viewers at the other nodes, over real HTTP. */
import { readdir, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHttpApi } from '../../src/client/http-api.ts'
import { type FarglassNodes, startFarglassNodes } from '../support/farglass-nodes.ts'
import { differencesOf, faultsOf } from '../support/history-checker.ts'
import { recordByClient } from '../support/recording-viewer.ts'
import { seededRandom, seedOfProcess } from '../support/seeded-random.ts'
import { storedHistory, storeFaults } from '../support/stored-history.ts'
import { makeTruth } from '../support/truth.ts'
import { until } from '../support/until.ts'
import { endOf } from '../support/viewers-end.ts'

const seed = seedOfProcess()

test(`F44: after losses together with the owner each viewer has what is stored, and that is what was written (seed ${seed})`, async () => {
  const random = seededRandom(seed)
  await using truth = await makeTruth({ seed, lines: 30_000, linesPerSecond: 1_000 })
  await using cluster = await startFarglassNodes(3, { random })
  const api = createHttpApi({ baseUrl: cluster.url })
  const source = { kind: 'command', command: truth.command } as const
  const { id: run } = await api.start({ target: cluster.sshd.alias, source })
  const viewers = Array.from({ length: 12 }, (_, index) =>
    recordByClient({ who: `viewer ${index}`, baseUrl: cluster.url, run }),
  )
  try {
    for (const loss of [1, 2]) {
      const { next } = await api.get(run)
      await until(
        'they read',
        () => viewers.every(({ history }) => history.lines.length > next + 3_000 * loss),
        60_000,
      )
      await loseTail(cluster, run, random.between(20_000, 200_000))
    }
    expect(await endOf(viewers, AbortSignal.timeout(120_000))).toEqual([])
    const written = truth.written()
    const store = await storedHistory(api, run)
    expect(truth.starts()).toBe(1)
    expect(await storeFaults(api, run, written)).toEqual([])
    for (const { history } of viewers) {
      expect(faultsOf(history, written)).toEqual([])
      expect(differencesOf(store, history)).toEqual([])
    }
    expect(viewers.some(({ resets }) => resets > 0)).toBe(true)
  } finally {
    for (const viewer of viewers) await viewer[Symbol.asyncDispose]()
  }
}, 300_000)

/** As when the machine of Redis and that of the owner lose power at once. */
async function loseTail(cluster: FarglassNodes, run: string, bytes: number): Promise<void> {
  const { redis } = cluster
  const [, directory = ''] = (await redis.cli('', 'CONFIG', 'GET', 'dir')).split('\n')
  const files = join(directory, 'appendonlydir')
  const carrier = await cluster.carrierOf(run)
  await carrier?.kill('SIGKILL')
  const isBack = redis.crash('', 2_000, AbortSignal.timeout(60_000))
  const isAway = () =>
    redis.cli('', 'PING').then(
      () => false,
      () => true,
    )
  await until('Redis is away', isAway, 10_000)
  const name = (await readdir(files)).filter((each) => each.endsWith('.incr.aof')).at(-1) ?? ''
  const file = join(files, name)
  await truncate(file, beginBefore(await readFile(file), bytes))
  await isBack
  await carrier?.restart()
}

/** Of a transaction: a half one would come back at the next start of Redis, as it leaves it in its file. */
function beginBefore(file: Buffer, bytes: number): number {
  const begin = file.lastIndexOf('*1\r\n$5\r\nMULTI\r\n', file.length - bytes)
  if (begin < 0) throw new Error(`The file has no transaction before its last ${bytes} bytes.`)
  return begin
}
