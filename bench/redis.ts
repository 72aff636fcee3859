/** Claim: a store in Redis costs little more than the plain commands, and keeps what PUBLISH alone throws away. */
import { Redis } from 'ioredis'
import { RedisRunWatch } from '../src/adapters/redis/redis-run-watch.ts'
import { openRedisStore, type RedisStore } from '../src/adapters/redis/redis-store.ts'
import { RedisSubscriber } from '../src/adapters/redis/redis-subscriber.ts'
import { encodeBatch } from '../src/shared/batch-codec.ts'
import type { LineGroup } from '../src/shared/line-group.ts'
import { type RedisServer, startRedis } from '../test/support/redis-server.ts'
import { crashRun as benchRun } from '../test/support/store-lines.ts'
import { until } from '../test/support/until.ts'
import { type BenchContext, type Claim, type Figure, rowsOf } from './support/claim.ts'
import { Histogram } from './support/histogram.ts'
import { redisCpuMs } from './support/redis-cost.ts'

export const redis: Claim = { name: 'redis', measure }

const line = `${'x'.repeat(99)}\n`
const linesPerBatch = 100
const inFlightMax = 32

async function measure({ repeats, quick }: BenchContext): Promise<readonly Figure[]> {
  const lines = quick ? 20_000 : 400_000
  await using server = await startRedis()
  const load = { server, lines }
  const results = { publish: empty(), single: empty(), batched: empty(), ours: empty() }
  const small = empty()
  const news: { readonly plain: number[]; readonly ours: number[] } = { plain: [], ours: [] }
  // In turns, so that what else the machine does meets all of them.
  for (let turn = 0; turn < repeats; turn++) {
    await take(results.publish, load, publishEach)
    await take(results.single, load, addEach)
    await take(results.batched, load, addBatches)
    await take(results.ours, load, appendBatches)
    await take(small, { server, lines: lines / 10 }, appendEach)
    news.plain.push(await timePublish(server, quick ? 50 : 500))
    news.ours.push(await timeNews(server, quick ? 50 : 500))
  }
  const table = rowsOf('redis (append-only file, everysec)')
  const publish = table.row('PUBLISH of each line, nothing kept', 'lines/s', results.publish.rates)
  const batched = table.row('XADD * of 100 lines', 'lines/s', results.batched.rates)
  const single = table.row('XADD * of each line: memory', 'bytes/line', results.single.bytes)
  const ours = table.row('append of 100 lines', 'lines/s', results.ours.rates)
  const heard = table.row('PUBLISH until another process has the line, p50', 'ms', news.plain)
  return [
    publish,
    table.row('XADD * of each line', 'lines/s', results.single.rates),
    batched,
    table.against(ours, batched),
    table.against({ ...ours, what: 'append of 100 lines, beside PUBLISH' }, publish),
    single,
    table.row('XADD * of 100 lines: memory', 'bytes/line', results.batched.bytes),
    table.against(table.row('append: memory', 'bytes/line', results.ours.bytes), single),
    table.row('append of one line', 'lines/s', small.rates),
    table.row('append of one line: CPU of Redis', 'µs', small.cpuUs),
    table.row(
      'append of 100 lines: CPU of Redis',
      'µs',
      results.ours.cpuUs.map((us) => us * linesPerBatch),
    ),
    heard,
    table.against(
      table.row('append until another node has read the line, p50', 'ms', news.ours),
      heard,
    ),
  ]
}

interface Taken {
  readonly rates: number[]
  /** Memory of Redis for each line of 100 bytes. */
  readonly bytes: number[]
  /** CPU time of Redis for each line. */
  readonly cpuUs: number[]
}

function empty(): Taken {
  return { rates: [], bytes: [], cpuUs: [] }
}

interface Load {
  readonly server: RedisServer
  readonly lines: number
}

async function take(
  into: Taken,
  { server, lines }: Load,
  write: (load: Load) => Promise<void>,
): Promise<void> {
  await server.cli('FLUSHALL')
  const before = await usedMemory(server)
  const cpuBefore = await redisCpuMs(server)
  const startMs = performance.now()
  await write({ server, lines })
  into.rates.push((lines / (performance.now() - startMs)) * 1_000)
  into.cpuUs.push((((await redisCpuMs(server)) - cpuBefore) * 1_000) / lines)
  into.bytes.push(((await usedMemory(server)) - before) / lines)
}

/** Without the buffers of its file, which come and go. */
async function usedMemory(server: RedisServer): Promise<number> {
  const info = await server.cli('INFO', 'memory')
  const value = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1])
  return value('used_memory_dataset')
}

/** What a live channel alone does: each line to whoever listens now. */
function publishEach({ server, lines }: Load): Promise<void> {
  return withClient(server, (client) =>
    flow(lines, linesPerBatch * inFlightMax, () => client.publish('lines', line)),
  )
}

function addEach({ server, lines }: Load): Promise<void> {
  return withClient(server, (client) =>
    flow(lines, linesPerBatch * inFlightMax, () => client.xadd('lines', '*', 'd', line)),
  )
}

function addBatches({ server, lines }: Load): Promise<void> {
  return withClient(server, (client) =>
    flow(lines / linesPerBatch, inFlightMax, () => {
      return client.xadd('batches', '*', 'd', Buffer.from(encodeBatch([group(linesPerBatch)])))
    }),
  )
}

function appendBatches(load: Load): Promise<void> {
  return appendAll(load, linesPerBatch)
}

function appendEach(load: Load): Promise<void> {
  return appendAll(load, 1)
}

async function appendAll({ server, lines }: Load, count: number): Promise<void> {
  await using store = await openRedisStore({ url: server.url })
  await store.catalog.create(benchRun, 'bench')
  await flow(lines / count, inFlightMax, (at) => append(store, at * count, count))
}

async function append(store: RedisStore, pos: number, count: number): Promise<void> {
  const tasks = benchRun.tasks.map((task) => ({ ...task, outBytes: (pos + count) * line.length }))
  const head = { run: benchRun.id, epoch: 1, pos, groups: [group(count)], tasks }
  const answer = await store.log.append(head)
  if (answer.kind !== 'stored') throw new Error(`The append at ${pos} was answered ${answer.kind}.`)
}

function group(count: number): LineGroup {
  const bytes = Buffer.from(line.repeat(count))
  return { task: 0, channel: 'out', time: Date.now(), count, bytes, end: 'newline' }
}

/** So many calls, so many at a time. */
async function flow(
  calls: number,
  atOnce: number,
  call: (at: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const one = async () => {
    while (next < calls) await call(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

async function withClient(server: RedisServer, use: (client: Redis) => Promise<void>) {
  const client = new Redis(server.port, '127.0.0.1')
  try {
    await use(client)
  } finally {
    client.disconnect()
  }
}

async function timePublish(server: RedisServer, times: number): Promise<number> {
  const listening = new Redis(server.port, '127.0.0.1')
  const telling = new Redis(server.port, '127.0.0.1')
  const took = new Histogram()
  try {
    await listening.subscribe('lines')
    for (let at = 0; at < times; at++) {
      const heard = new Promise((resolve) => listening.once('message', resolve))
      const startMs = performance.now()
      await telling.publish('lines', line)
      await heard
      took.add(performance.now() - startMs)
    }
  } finally {
    listening.disconnect()
    telling.disconnect()
  }
  return took.percentile(0.5)
}

/** Two nodes: one appends, the other hears of it and reads. */
async function timeNews(server: RedisServer, times: number): Promise<number> {
  await server.cli('FLUSHALL')
  await using store = await openRedisStore({ url: server.url })
  await using other = await openRedisStore({ url: server.url })
  await using subscriber = new RedisSubscriber(other.connection.newClient())
  await store.catalog.create(benchRun, 'bench')
  const leave = new AbortController()
  const state = { next: 0, onRead: () => {} }
  const readOn = async () => {
    const groups = await other.log.read(benchRun.id, state.next, line.length)
    for (const { pos, count } of groups) state.next = Math.max(state.next, pos + count)
    state.onRead()
  }
  const watch = new RedisRunWatch({ ...other, subscriber })
  watch.watch(benchRun.id, () => void readOn(), leave.signal)
  const took = new Histogram()
  // The first ones may come before it listens.
  await append(store, 0, 1)
  await until('the other node has read', async () => {
    await readOn()
    return state.next === 1
  })
  for (let at = 1; at <= times; at++) {
    const read = new Promise<void>((resolve) => {
      state.onRead = () => state.next > at && resolve()
    })
    const startMs = performance.now()
    await append(store, at, 1)
    await read
    took.add(performance.now() - startMs)
  }
  leave.abort()
  return took.percentile(0.5)
}
