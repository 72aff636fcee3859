/** Two real servers on one real Redis, as their users meet them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpApi } from '../../src/client/http-api.ts'
import { limits } from '../../src/shared/limits.ts'
import { valueOf } from '../support/exposition-parser.ts'
import type { Farglass } from '../support/farglass.ts'
import { type FarglassNodes, startFarglassNodes } from '../support/farglass-nodes.ts'
import { figuresAt } from '../support/figures.ts'
import { recordByClient } from '../support/recording-viewer.ts'
import { until } from '../support/until.ts'

let cluster: FarglassNodes
let one: Farglass
let two: Farglass

beforeAll(async () => {
  cluster = await startFarglassNodes(2, { auth: 'token' })
  const [first, second] = cluster.nodes
  if (first === undefined || second === undefined) throw new Error('There are no two nodes.')
  one = first
  two = second
})

afterAll(async () => {
  await cluster[Symbol.asyncDispose]()
})

test('a token and a link of one node are good at the other, the link once, and a wrong one at none', async () => {
  const atTwo = createHttpApi({ baseUrl: two.url, token: one.token })
  expect(await atTwo.list({ limit: 5 })).toEqual([])
  const wrong = createHttpApi({ baseUrl: two.url, token: 'x'.repeat(43) })
  await expect(wrong.list({ limit: 5 })).rejects.toMatchObject({ code: 'unauthorized' })
  const token = new URL(one.link()).hash.slice('#t='.length)
  const answers = []
  for (const server of [two, one]) {
    const headers = { 'content-type': 'application/json', origin: server.url }
    const body = JSON.stringify({ token })
    const answer = await fetch(`${server.url}/api/v1/sign-in`, { method: 'POST', headers, body })
    answers.push(answer.status)
  }
  expect(answers).toEqual([200, 401])
})

test('a run is started at one node, read, stopped and listed at the other', async () => {
  const source = { kind: 'command', command: 'echo up; exec sleep 60' } as const
  const { id } = await one.api.start({ target: cluster.sshd.alias, source })
  const viewer = { run: id, baseUrl: two.url, token: two.token, who: 'at the other node' }
  await using seen = recordByClient(viewer)
  await until('it is up', () => seen.history.lines.some(({ text }) => text === 'up'))
  await two.api.stop(id)
  await seen.done
  const run = await two.api.get(id)
  expect(run).toMatchObject({ state: 'ended', outcome: 'stopped' })
  expect((await one.api.list({ limit: 5 })).map((each) => each.id)).toEqual([id])
})

test('a node that is told to end hands its run over at once, and is started again with its viewers', async () => {
  const command = 'for i in $(seq 80); do echo $i; sleep 0.1; done'
  const source = { kind: 'command', command } as const
  const { id } = await one.api.start({ target: cluster.sshd.alias, source })
  const viewer = { run: id, token: two.token }
  await using atTwo = recordByClient({ ...viewer, baseUrl: two.url, who: 'at the one that stays' })
  await using byAny = recordByClient({ ...viewer, baseUrl: cluster.url, who: 'by the balancer' })
  await until('it prints', () => atTwo.history.lines.length > 5)
  const before = await until('both nodes are counted', async () => {
    const figures = await figuresAt(two)
    return valueOf(figures, 'farglass_nodes') === 2 ? figures : undefined
  })
  expect(valueOf(before, 'farglass_foreign_runs')).toBe(1)
  expect(valueOf(before, 'farglass_foreign_rings_total')).toBeGreaterThan(5)
  expect(valueOf(before, 'farglass_foreign_reads_total')).toBeGreaterThan(5)
  expect(valueOf(before, 'farglass_redis_seconds_count')).toBeGreaterThan(5)
  expect(valueOf(before, 'farglass_runs', { state: 'running' })).toBe(0)
  const begin = performance.now()
  // Started anew at once it could be the one that takes the run.
  await one.kill('SIGTERM')
  const isTaken = async () => (await cluster.carrierOf(id)) === two
  await until('the other one carries it', isTaken)
  await until('it counts what it has taken over', async () => {
    const after = await figuresAt(two)
    const isCarried = valueOf(after, 'farglass_runs', { state: 'running' }) === 1
    const isForeign = valueOf(after, 'farglass_foreign_runs') > 0
    return isCarried && !isForeign && valueOf(after, 'farglass_take_overs_total') === 1
  })
  // No lease was waited for.
  expect(performance.now() - begin).toBeLessThan(limits.nodeLeaseMs + 5_000)
  await one.restart()
  await Promise.all([atTwo.done, byAny.done])
  for (const { history, resets } of [atTwo, byAny]) {
    const out = history.lines.filter(({ channel }) => channel === 'out').map(({ text }) => text)
    expect(out).toEqual(Array.from({ length: 80 }, (_, index) => String(index + 1)))
    expect(resets).toBe(0)
  }
  expect(await one.api.get(id)).toMatchObject({ state: 'ended', outcome: 'succeeded' })
})
