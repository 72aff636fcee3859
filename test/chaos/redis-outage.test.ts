/** Redis is away for 30 s, killed or standing still, while several nodes carry and show a run (F42). */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createHttpApi } from '../../src/client/http-api.ts'
import { expectExact } from '../support/exact.ts'
import { type FarglassNodes, startFarglassNodes } from '../support/farglass-nodes.ts'
import {
  type RecordingViewer,
  recordByClient,
  recordByLastEventId,
} from '../support/recording-viewer.ts'
import { seededRandom, seedOfProcess } from '../support/seeded-random.ts'
import { makeTruth } from '../support/truth.ts'
import { until } from '../support/until.ts'
import { endOf } from '../support/viewers-end.ts'

const seed = seedOfProcess()
const awayMs = 30_000

type Outage = (cluster: FarglassNodes, signal: AbortSignal) => Promise<void>

const outages: Readonly<Record<string, Outage>> = {
  'is killed with -9 and comes back after 30 s': ({ redis }, signal) =>
    redis.crash('', awayMs, signal),
  'stands still for 30 s': async ({ redis }, signal) => {
    const pid = Number(/process_id:(\d+)/.exec(await redis.cli('', 'INFO', 'server'))?.[1])
    process.kill(pid, 'SIGSTOP')
    await sleep(awayMs, undefined, { signal }).catch(() => {})
    process.kill(pid, 'SIGCONT')
  },
}

test.each(Object.entries(outages))(
  `F42: a Redis that %s costs no line, no viewer and no second start (seed ${seed})`,
  async (name, outage) => {
    const random = seededRandom(seed)
    await using truth = await makeTruth({ seed, lines: 40_000, linesPerSecond: 1_000 })
    await using cluster = await startFarglassNodes(3, { random })
    const api = createHttpApi({ baseUrl: cluster.url })
    const source = { kind: 'command', command: truth.command } as const
    const { id: run } = await api.start({ target: cluster.sshd.alias, source })
    const viewers = viewersOf(cluster, run, 'viewer')
    try {
      await until('all viewers read', () => viewers.every((one) => linesOf(one) > 2_000), 30_000)
      const carrier = await cluster.carrierOf(run)
      const isOver = outage(cluster, AbortSignal.timeout(120_000))
      const before = truth.written().out.length
      const reason = async () => (await carrier?.api.get(run))?.paused ?? undefined
      await until('the run says why it waits', reason, awayMs)
      const seen = viewers.map(linesOf)
      await until('the host writes on', () => truth.written().out.length > before * 2, awayMs)
      // Who is connected keeps what it has, and its connection. Who comes now gets all of it later.
      expect(viewers.map(linesOf)).toEqual(seen)
      const connected = [...viewers]
      viewers.push(...viewersOf(cluster, run, 'late viewer'))
      await isOver
      expect(await endOf(viewers, AbortSignal.timeout(120_000))).toEqual([])
      expect(connected.map(({ connections }) => connections)).toEqual(connected.map(() => 1))
      expect(await api.get(run)).toMatchObject({ outcome: 'succeeded', lost: 0, duplicated: 0 })
      await expectExact({ api, run, truth, viewers, seed, plan: [name] })
    } finally {
      for (const viewer of viewers) await viewer[Symbol.asyncDispose]()
    }
  },
  240_000,
)

/** Two at each node. */
function viewersOf({ nodes }: FarglassNodes, run: string, who: string): RecordingViewer[] {
  return nodes.flatMap(({ url: baseUrl }, index) =>
    [recordByClient, recordByLastEventId].map((record, way) =>
      record({ who: `${who} ${way} of node ${index}`, baseUrl, run }),
    ),
  )
}

function linesOf({ history }: RecordingViewer): number {
  return history.lines.length
}
