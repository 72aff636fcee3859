/** Claim: viewers spread over nodes cost what they cost on one, and far less than a subscriber for each. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchContext, type Claim, type Figure, type Rows, rowsOf } from './support/claim.ts'
import { cpuMsOf, treeCpuMs } from './support/cost.ts'
import { makeLinesFile } from './support/lines-file.ts'
import { carryMany, type ManyTurn } from './support/many-runs.ts'
import { type BenchNodes, type NodesTurn, startNodes, watchAtNodes } from './support/nodes.ts'
import { type PublishTurn, publishTurn } from './support/publish-way.ts'
import { redisCpuMs } from './support/redis-cost.ts'
import { type LinesPace, timedLines } from './support/timed-lines.ts'
import { assertComplete, startViewers } from './support/viewers.ts'

export const nodes: Claim = { name: 'nodes', measure }

interface Turns {
  readonly spread: Readonly<Record<1 | 2 | 3, NodesTurn[]>>
  readonly publish: PublishTurn[]
  readonly many: ManyTurn[]
  readonly followed: ManyTurn[]
  readonly fast: ManyTurn[]
  readonly blocks: NodesTurn[]
  readonly bursts: Burst[]
  readonly idle: Idle[]
}

/** Cores, of one node and of their Redis, while nothing goes on. */
interface Idle {
  readonly node: number
  readonly redis: number
}

interface Burst {
  readonly linesPerSecond: number
  readonly nodeUs: number
  readonly redisUs: number
}

/** 3 s each, so that all of it three times takes less than two minutes. */
const pace: LinesPace = { linesPerSecond: 1_000, seconds: 3 }
const blockPace: LinesPace = { linesPerSecond: 10_000, seconds: 2 }

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const viewers = context.quick ? 30 : 200
  await using place = await startNodes(context, 3)
  const turns: Turns = {
    spread: { 1: [], 2: [], 3: [] },
    publish: [],
    many: [],
    followed: [],
    fast: [],
    blocks: [],
    bursts: [],
    idle: [],
  }
  for (let turn = 0; turn < context.repeats; turn += 1) {
    context.say(`turn ${turn + 1} of ${context.repeats}`)
    await take(context, place, { viewers, turns })
  }
  const each = viewers.toLocaleString('en')
  return [
    ...spreadRows(rowsOf(`nodes: ${each} viewers of 1,000 lines/s, all complete`), turns, viewers),
    ...costRows(rowsOf('nodes: what a batch and a line cost'), turns, halfOf(viewers)),
  ]
}

/** In turns, so that what else the machine does meets all of them. */
async function take(
  context: BenchContext,
  { redis, nodes: all }: BenchNodes,
  { viewers, turns }: { readonly viewers: number; readonly turns: Turns },
): Promise<void> {
  const at = (count: number) => ({ redis, nodes: all.slice(0, count) })
  turns.idle.push(await takeIdle({ redis, nodes: all }))
  for (const count of [1, 2, 3] as const) {
    turns.spread[count].push(await watchAtNodes(context, { ...at(count), viewers, pace }))
  }
  const lines = timedLines(context, pace)
  turns.publish.push(await publishTurn({ redis, sshd: context.sshd, lines, viewers }))
  const carry = (linesPerSecond: number, isFollowed: boolean) =>
    carryMany(context, at(3), { linesPerSecond, isFollowed })
  turns.many.push(await carry(250, false))
  turns.followed.push(await carry(250, true))
  turns.fast.push(await carry(1_000, true))
  const blocks = { ...at(1), viewers: halfOf(viewers), pace: blockPace }
  turns.blocks.push(await watchAtNodes(context, blocks))
  turns.bursts.push(await takeBurst(context, { redis, nodes: all }))
}

async function takeIdle({ redis, nodes: all }: Pick<BenchNodes, 'redis' | 'nodes'>): Promise<Idle> {
  const cpuMs = () => all.reduce((sum, node) => sum + cpuMsOf(node.pid), 0)
  const before = { startMs: performance.now(), nodes: cpuMs(), redis: await redisCpuMs(redis) }
  await sleep(1_000)
  const tookMs = performance.now() - before.startMs
  return {
    node: (cpuMs() - before.nodes) / tookMs / all.length,
    redis: ((await redisCpuMs(redis)) - before.redis) / tookMs,
  }
}

/** As many lines as can be had, to one viewer at another node than the one that carries the run. */
async function takeBurst(
  context: BenchContext,
  { redis, nodes: [owner, other] }: Pick<BenchNodes, 'redis' | 'nodes'>,
): Promise<Burst> {
  if (owner === undefined || other === undefined) throw new Error('There are no two nodes.')
  const lines = context.quick ? 50_000 : 300_000
  const file = await makeLinesFile(context.folder, lines)
  const request = {
    target: context.sshd.alias,
    source: { kind: 'command', command: `cat '${file}'` },
  } as const
  const before = { node: treeCpuMs(owner.pid), redis: await redisCpuMs(redis) }
  const first = startViewers({ server: owner.url, request, wanted: lines })
  const far = startViewers({ server: other.url, run: await first.open, wanted: lines })
  const [report, farReport] = await Promise.all([first.done, far.done])
  assertComplete(report, lines)
  assertComplete(farReport, lines)
  return {
    linesPerSecond: (lines * 1_000) / (report.reachedMs[0] ?? Number.NaN),
    nodeUs: ((treeCpuMs(owner.pid) - before.node) * 1_000) / lines,
    redisUs: (((await redisCpuMs(redis)) - before.redis) * 1_000) / lines,
  }
}

function spreadRows(table: Rows, turns: Turns, viewers: number): readonly Figure[] {
  const { publish } = turns
  const delivered = pace.linesPerSecond * pace.seconds * viewers
  const peer = table.row(
    'PUBLISH of each line, a subscriber for each viewer, no HTTP: CPU per delivered line',
    'µs',
    publish.map(({ cpuMs, redisCpuMs: ms }) => ((cpuMs + ms) * 1_000) / delivered),
  )
  const peerRows = [
    peer,
    table.row(
      'the same: CPU of Redis',
      'cores',
      publish.map(({ redisCpuMs: ms }) => ms / 1_000 / pace.seconds),
    ),
    table.row(
      'the same: age of a line when heard, p50',
      'ms',
      publish.map(({ p50 }) => p50),
    ),
    table.row(
      'the same: age of a line when heard, p99',
      'ms',
      publish.map(({ p99 }) => p99),
    ),
  ]
  const ours = ([1, 2, 3] as const).flatMap((count) => {
    const of = (pick: (turn: NodesTurn) => number) => turns.spread[count].map(pick)
    const on = count === 1 ? 'on 1 node' : `on ${count} nodes`
    const cpu = table.row(
      `${on}: CPU of nodes and Redis per delivered line`,
      'µs',
      of((turn) => ((turn.nodesCpuMs + turn.redisCpuMs) * 1_000) / turn.delivered),
    )
    return [
      table.row(`${on}: lines of the slowest viewer`, 'lines/s', of(rateOf)),
      table.row(`${on}: age of a line when shown, p50`, 'ms', of(p50Of)),
      { ...table.row(`${on}: age of a line when shown, p99`, 'ms', of(p99Of)), target: '< 50' },
      table.against(cpu, peer),
      table.row(`${on}: CPU of the nodes`, 'cores', of(coresOf)),
      table.row(
        `${on}: CPU of Redis`,
        'cores',
        of((turn) => turn.redisCpuMs / 1_000 / turn.seconds),
      ),
      table.row(`${on}: lines in an event`, 'lines', of(perEventOf)),
      table.row(`${on}: batches stored`, 'a second', of(batchesOf)),
      table.row(`${on}: reads of them by other nodes`, 'a second', of(readsOf)),
    ]
  })
  return [...ours, ...peerRows]
}

/** What docs/operate/scale.md reckons with. */
function costRows(
  table: Rows,
  { many, followed, fast, blocks, bursts, idle }: Turns,
  viewers: number,
): readonly Figure[] {
  const alone = ofBatch(many, 'redisCpuMs')
  const read = ofBatch(followed, 'redisCpuMs').map((us, at) => us - (alone[at] ?? Number.NaN))
  return [
    table.row(
      'nothing goes on: CPU of a node',
      'cores',
      idle.map(({ node }) => node),
    ),
    table.row(
      'nothing goes on: CPU of Redis, 3 nodes',
      'cores',
      idle.map(({ redis }) => redis),
    ),
    table.row('16 runs of 250 lines/s: CPU of Redis per batch', 'µs', alone),
    table.row('followed at another node: CPU of Redis more per batch', 'µs', read),
    ...manyRows(table, '16 runs of 250 lines/s', followed),
    ...manyRows(table, '16 runs of 1,000 lines/s', fast),
    table.row(
      `10,000 lines/s to ${viewers} viewers: CPU of the node`,
      'cores',
      blocks.map(coresOf),
    ),
    table.row('the same: lines in an event', 'lines', blocks.map(perEventOf)),
    table.row(
      `10,000 lines/s to ${viewers} viewers: batches stored`,
      'a second',
      blocks.map(batchesOf),
    ),
    table.row('the same: age of a line when shown, p99', 'ms', blocks.map(p99Of)),
    table.row(
      'burst, request to last line',
      'lines/s',
      bursts.map((burst) => burst.linesPerSecond),
    ),
    table.row(
      'burst: CPU of the node and its ssh per line',
      'µs',
      bursts.map((burst) => burst.nodeUs),
    ),
    table.row(
      'burst: CPU of Redis per line, read by another node too',
      'µs',
      bursts.map((burst) => burst.redisUs),
    ),
  ]
}

function manyRows(table: Rows, load: string, turns: readonly ManyTurn[]): readonly Figure[] {
  return [
    table.row(
      `${load}: lines in a batch`,
      'lines',
      turns.map(({ lines, batches }) => lines / batches),
    ),
    table.row(`${load}: CPU of the node per batch`, 'µs', ofBatch(turns, 'nodeCpuMs')),
    table.row(
      `${load}: CPU of its ssh per line`,
      'µs',
      turns.map(({ sshCpuMs, lines }) => (sshCpuMs * 1_000) / lines),
    ),
    table.row(
      `${load}: CPU per batch of a node that follows`,
      'µs',
      ofBatch(turns, 'followerCpuMs'),
    ),
  ]
}

function ofBatch(
  turns: readonly ManyTurn[],
  what: 'nodeCpuMs' | 'followerCpuMs' | 'redisCpuMs',
): readonly number[] {
  return turns.map((turn) => (turn[what] * 1_000) / turn.batches)
}

function halfOf(viewers: number): number {
  return Math.ceil(viewers / 2)
}

const rateOf = (turn: NodesTurn): number => turn.linesPerSecond
const p50Of = (turn: NodesTurn): number => turn.p50
const p99Of = (turn: NodesTurn): number => turn.p99
const perEventOf = (turn: NodesTurn): number => turn.linesPerEvent
const batchesOf = (turn: NodesTurn): number => turn.batchesPerSecond
const readsOf = (turn: NodesTurn): number => turn.readsPerSecond
const coresOf = (turn: NodesTurn): number => turn.nodesCpuMs / 1_000 / turn.seconds
