import { expect, test } from 'vitest'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { until } from '../../../test/support/until.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { Run } from '../../shared/run.ts'
import { isoTime } from '../../shared/time.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { HotBrake } from './hot-brake.ts'
import type { Append, AppendResult } from './log-store.ts'
import { MemoryArchive } from './memory-archive.ts'
import { createMemoryStore } from './memory-store.ts'
import { isDue, sealRuns } from './sealer.ts'
import { TieredLog } from './tiered-log.ts'

test('lines go when there are more than may be kept, or when nobody reads them any more', () => {
  const policy = { keepBytes: 100, coldAfterMs: 1_000 }
  expect(isDue({ bytes: 100, endedForMs: null }, policy, true)).toBe(false)
  expect(isDue({ bytes: 101, endedForMs: null }, policy, true)).toBe(true)
  expect(isDue({ bytes: 1, endedForMs: 999 }, policy, true)).toBe(false)
  expect(isDue({ bytes: 1, endedForMs: 1_000 }, policy, true)).toBe(true)
  // Without an archive they would be lost for no need.
  expect(isDue({ bytes: 1, endedForMs: 1_000_000 }, policy, false)).toBe(false)
  expect(isDue({ bytes: 101, endedForMs: null }, policy, false)).toBe(true)
})

test('a run that grows is kept within its bound, and each of its lines can still be read', async () => {
  await using bench = await startSealer({ archive: new MemoryArchive() })
  const { store, run, metrics } = bench
  await appendLines(bench, 0, 3_000)
  await bench.pass(async () => (await store.log.hotBytes(run.id)) <= keepBytes)
  expect(await store.log.hotBounds(run.id)).toMatchObject({ first: 0, next: 3_000 })
  expect(await countLines(bench)).toBe(3_000)
  const figures = await metrics.read()
  const value = (name: string) => figures.find((each) => each.name === name)?.samples[0]?.value
  expect(value('farglass_archived_lines_total')).toBeGreaterThanOrEqual(1_900)
  expect(value('farglass_removed_lines_total')).toBe(0)
  expect(value('farglass_hot_bytes')).toBeLessThanOrEqual(keepBytes)
})

test('a run of another node is left alone while it goes on', async () => {
  await using bench = await startSealer({ archive: new MemoryArchive(), own: 'other' })
  await appendLines(bench, 0, 3_000)
  await bench.pass(async () => bench.rounds() > 3)
  expect(await bench.store.log.hotBounds(bench.run.id)).toMatchObject({ hot: 0 })
})

test('what has ended long ago is moved by any node, to its last line', async () => {
  await using bench = await startSealer({ archive: new MemoryArchive(), own: 'other' })
  const { store, run, clock } = bench
  await appendLines(bench, 0, 100)
  const endedAt = isoTime(clock.now())
  const state = { state: 'ended', outcome: 'succeeded', endedAt } as const
  await store.catalog.save({ run: run.id, epoch: 1, tasks: [], state })
  const rounds = bench.rounds()
  await bench.pass(async () => bench.rounds() > rounds + 3)
  expect(await store.log.hotBounds(run.id)).toMatchObject({ hot: 0 })
  clock.advance(policy.coldAfterMs)
  await bench.pass(async () => (await store.log.hotBounds(run.id))?.hot === 100)
  expect(await countLines(bench)).toBe(100)
})

test('an archive that is full or away is told once, tried again, and no line goes meanwhile', async () => {
  const archive = new MemoryArchive()
  const put = archive.put.bind(archive)
  archive.put = () => Promise.reject(new AppError('disk-full', 'The disk of the archive is full.'))
  await using bench = await startSealer({ archive })
  const { store, run, troubles } = bench
  await appendLines(bench, 0, 3_000)
  const rounds = bench.rounds()
  await bench.pass(async () => bench.rounds() > rounds + 4)
  expect(troubles).toEqual(['The disk of the archive is full.'])
  expect(await store.log.hotBounds(run.id)).toMatchObject({ first: 0, hot: 0 })
  archive.put = put
  await bench.pass(async () => (await store.log.hotBytes(run.id)) <= keepBytes)
  await bench.pass(async () => troubles.length > 1)
  expect(troubles).toEqual(['The disk of the archive is full.', 'again'])
  expect(await countLines(bench)).toBe(3_000)
})

test('without an archive the oldest lines of a run that is too large are removed, and counted', async () => {
  await using bench = await startSealer({ archive: null })
  const { store, run, metrics } = bench
  await appendLines(bench, 0, 3_000)
  await bench.pass(async () => (await store.log.hotBytes(run.id)) <= keepBytes)
  const { first, next } = await store.log.bounds(run.id)
  expect(first).toBeGreaterThan(0)
  expect(bench.removed.at(-1)).toBe(first)
  const removed = (await metrics.read()).find(({ name }) => name === 'farglass_removed_lines_total')
  expect(removed?.samples[0]?.value).toBe(first)
  expect(await countLines(bench)).toBe(next - first)
})

test('a run that is written faster than it is moved waits, so that what it takes is bounded', async () => {
  await using bench = await startSealer({ archive: new MemoryArchive() })
  const { store, run } = bench
  await bench.pass(async () => bench.rounds() > 1)
  const adding = appendAtOnce(bench, 10_000)
  let most = 0
  await bench.pass(async () => {
    most = Math.max(most, await store.log.hotBytes(run.id))
    return (await store.log.bounds(run.id)).next === 10_000
  })
  expect((await Promise.all(adding)).every(({ kind }) => kind === 'stored')).toBe(true)
  expect(most).toBeGreaterThan(2 * keepBytes)
  expect(most).toBeLessThan(limits.hotHeldFactor * keepBytes + appendBytes)
  expect(await countLines(bench)).toBe(10_000)
})

test('who is held back hears why when nothing can be moved, and goes on when it can', async () => {
  const archive = new MemoryArchive()
  const put = archive.put.bind(archive)
  archive.put = () => Promise.reject(new AppError('disk-full', 'The disk of the archive is full.'))
  await using bench = await startSealer({ archive })
  await bench.pass(async () => bench.rounds() > 1)
  const adding = Promise.allSettled(appendAtOnce(bench, 5_000))
  await bench.pass(async () => bench.rounds() > 4)
  const refused = (await adding).filter((each) => each.status === 'rejected')
  expect(refused.length).toBeGreaterThan(10)
  for (const { reason } of refused) {
    expect(reason).toMatchObject({
      code: 'store-busy',
      message: expect.stringContaining('is full'),
    })
  }
  archive.put = put
  await bench.pass(async () => (await bench.store.log.hotBytes(bench.run.id)) <= keepBytes)
  const { next } = await bench.store.log.bounds(bench.run.id)
  const again = appendAtOnce(bench, 5_000, next)
  await bench.pass(async () => (await bench.store.log.bounds(bench.run.id)).next === 5_000)
  await Promise.all(again)
  expect(await countLines(bench)).toBe(5_000)
})

const keepBytes = 8 * 1024 * 1024
const policy = { keepBytes, coldAfterMs: limits.sealColdAfterMs }

type Bench = Awaited<ReturnType<typeof startSealer>>

async function startSealer(options: { archive: MemoryArchive | null; own?: string }) {
  const { archive, own = 'me' } = options
  const store = createMemoryStore()
  const run: Run = sampleRun()
  await store.catalog.create(run, 'me')
  const clock = manualClock()
  const metrics = createMetrics()
  const stop = new AbortController()
  const troubles: string[] = []
  let rounds = 0
  const random = () => (rounds += 1) && 0.5
  const onTrouble = (reason: AppError | null) => void troubles.push(reason?.message ?? 'again')
  const removed: number[] = []
  const onRemoved = (_: string, first: number) => void removed.push(first)
  const brake = new HotBrake()
  const parts = { hot: store.log, catalog: store.catalog, archive, brake, clock, metrics, own }
  const done = sealRuns({ ...parts, policy, random, onTrouble, onRemoved }, stop.signal)
  return {
    store,
    run,
    clock,
    metrics,
    troubles,
    removed,
    log: archive === null ? store.log : new TieredLog({ hot: store.log, archive, brake }, metrics),
    rounds: () => rounds,
    /** Lets time pass until it is so. */
    pass: (isSo: () => Promise<boolean>) =>
      until('the sealer has done it', async () => {
        clock.advance(limits.sealEveryMs)
        return isSo()
      }),
    async [Symbol.asyncDispose]() {
      stop.abort()
      await done
    },
  }
}

async function appendLines({ store, run }: Bench, from: number, count: number): Promise<void> {
  for (let pos = from; pos < from + count; pos += 100) await store.log.append(appendAt(run, pos))
}

/** Up to a position, none of them waiting for the one before. */
function appendAtOnce({ log, run }: Bench, to: number, from = 0): Promise<AppendResult>[] {
  const places = Array.from({ length: (to - from) / 100 }, (_, at) => from + 100 * at)
  return places.map((pos) => log.append(appendAt(run, pos)))
}

const lineText = `${'x'.repeat(8_191)}\n`
const appendBytes = 100 * lineText.length

/** A hundred lines of 8 KiB. */
function appendAt(run: Run, pos: number): Append {
  const bytes = new TextEncoder().encode(lineText.repeat(100))
  const group = { task: 0, channel: 'out', time: 1, count: 100, bytes, end: 'newline' } as const
  return { run: run.id, epoch: 1, pos, groups: [group], tasks: [] }
}

async function countLines({ log, run }: Bench): Promise<number> {
  let count = 0
  let { first: at } = await log.bounds(run.id)
  for (;;) {
    const groups = await log.read(run.id, at, 1_000_000)
    if (groups.length === 0) return count
    for (const group of groups) {
      expect(group.pos).toBe(at)
      at += group.count
      count += group.count
    }
  }
}
