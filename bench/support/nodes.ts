/** Several real node processes on one real Redis with an append-only file, and viewers at each of them. */
import { type RedisServer, startRedis } from '../../test/support/redis-server.ts'
import type { BenchContext } from './claim.ts'
import { cpuMsOf } from './cost.ts'
import { redisCpuMs } from './redis-cost.ts'
import { type BenchServer, startServer } from './server.ts'
import { type LinesPace, timedLines } from './timed-lines.ts'
import { assertComplete, startViewers } from './viewers.ts'

export interface BenchNodes extends AsyncDisposable {
  readonly redis: RedisServer
  readonly nodes: readonly BenchServer[]
}

export async function startNodes(context: BenchContext, count: number): Promise<BenchNodes> {
  const { folder, sshd } = context
  const redis = await startRedis()
  const nodes: BenchServer[] = []
  const close = async () => {
    for (const one of [...nodes.toReversed(), redis]) await one[Symbol.asyncDispose]()
  }
  try {
    while (nodes.length < count) {
      nodes.push(await startServer({ folder, sshd, sync: 'full', redis: redis.url }))
    }
    return { redis, nodes, [Symbol.asyncDispose]: close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** What one run of timed lines has cost, with its viewers spread over the nodes. */
export interface NodesTurn {
  /** Of the node where lines were oldest. */
  readonly p50: number
  readonly p99: number
  /** Of the slowest viewer, in the second half. */
  readonly linesPerSecond: number
  readonly linesPerEvent: number
  /** Batches that were stored, and reads of them by the other nodes, in a second. */
  readonly batchesPerSecond: number
  readonly readsPerSecond: number
  readonly nodesCpuMs: number
  readonly redisCpuMs: number
  readonly seconds: number
  readonly delivered: number
}

export interface NodesLoad {
  readonly redis: RedisServer
  /** The first of them carries the run. */
  readonly nodes: readonly BenchServer[]
  readonly viewers: number
  readonly pace: LinesPace
}

/** Throws when a viewer missed a line or saw one twice. */
export async function watchAtNodes(context: BenchContext, load: NodesLoad): Promise<NodesTurn> {
  const { redis, nodes, viewers, pace } = load
  const lines = timedLines(context, pace)
  const share = Math.floor(viewers / nodes.length)
  const order = { viewers: share, wanted: lines.count, timedEvery: Math.ceil(share / 10) }
  const [owner, ...others] = nodes
  if (owner === undefined) throw new Error('There is no node.')
  const first = startViewers({ ...order, server: owner.url, request: lines.request })
  const run = await first.open
  const rest = others.map((node) => startViewers({ ...order, server: node.url, run }))
  const groups = [first, ...rest]
  await Promise.all(groups.map(({ open }) => open))
  const cpuMs = () => nodes.reduce((sum, node) => sum + cpuMsOf(node.pid), 0)
  const stored = () => owner.figure('farglass_commit_seconds_count')
  const read = async () => {
    const reads = others.map((node) => node.figure('farglass_foreign_reads_total'))
    return (await Promise.all(reads)).reduce((sum, count) => sum + count, 0)
  }
  const before = {
    stored: await stored(),
    read: await read(),
    nodes: cpuMs(),
    redis: await redisCpuMs(redis),
  }
  await lines.go()
  const reports = await Promise.all(groups.map(({ done }) => done))
  const nodesCpuMs = cpuMs() - before.nodes
  for (const report of reports) assertComplete(report, lines.count)
  const slowestMs = Math.max(
    ...reports.flatMap(({ reachedMs, halfMs }) =>
      reachedMs.map((reached, at) => (reached ?? Number.NaN) - (halfMs[at] ?? Number.NaN)),
    ),
  )
  const batches = reports.reduce((sum, report) => sum + report.batches, 0) / reports.length
  const seconds = lines.count / lines.linesPerSecond
  const redisMs = (await redisCpuMs(redis)) - before.redis
  return {
    p50: Math.max(...reports.map(({ p50Ms }) => p50Ms)),
    p99: Math.max(...reports.map(({ p99Ms }) => p99Ms)),
    linesPerSecond: ((lines.count / 2) * 1_000) / slowestMs,
    linesPerEvent: lines.count / batches,
    batchesPerSecond: ((await stored()) - before.stored) / seconds,
    readsPerSecond: ((await read()) - before.read) / seconds,
    nodesCpuMs,
    redisCpuMs: redisMs,
    seconds,
    delivered: lines.count * share * nodes.length,
  }
}
