import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { figureOf } from '../../../test/support/figures.ts'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { textsOf } from '../../shared/line-group.ts'
import { RunFeed } from '../feed/run-feed.ts'
import { createMetrics } from '../metrics/metrics.ts'
import type { Append, AppendResult, LogStore } from '../store/log-store.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { RunWriter } from './run-writer.ts'
import { newTask } from './task-state.ts'

const id = `r${'b'.repeat(25)}`
const task = newTask(0, 'web-1')
const run = sampleRun({ id, tasks: [task] })

function rows(count: number, text = 'x') {
  const bytes = new Uint8Array(Buffer.from(`${text}\n`.repeat(count)))
  return {
    group: { task: 0, channel: 'out', time: 0, count, bytes, end: 'newline' },
    task,
  } as const
}

/** A log whose disk is as slow as the test says: an append waits until it is released. */
async function slowLog() {
  const store = createMemoryStore()
  await store.catalog.create(run, 'me')
  const waiting: (() => void)[] = []
  const appends: Append[] = []
  const disk: { refusal: AppError | undefined; isOnce: boolean } = {
    refusal: undefined,
    isOnce: false,
  }
  const append = async (batch: Append): Promise<AppendResult> => {
    appends.push(batch)
    await new Promise<void>((resolve) => waiting.push(resolve))
    const { refusal } = disk
    if (disk.isOnce) disk.refusal = undefined
    if (refusal !== undefined) throw refusal
    return store.log.append(batch)
  }
  const log: LogStore = {
    append,
    read: (...args) => store.log.read(...args),
    bounds: (of) => store.log.bounds(of),
    drop: (of) => store.log.drop(of),
    [Symbol.asyncDispose]: () => store.log[Symbol.asyncDispose](),
  }
  const clock = manualClock()
  const feed = new RunFeed(run, clock)
  const metrics = createMetrics()
  const told: string[] = []
  const writer = new RunWriter({
    run: id,
    epoch: 1,
    next: 0,
    log,
    feed,
    clock,
    metrics,
    onPause: ({ code }) => told.push(`paused ${code}`),
    onResume: ({ code }, ms) => told.push(`resumed ${code} ${ms}`),
  })
  const release = async () => {
    for (const resolve of waiting.splice(0)) resolve()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { store, appends, feed, writer, release, log, disk, clock, metrics, told }
}

function linesOf(steps: readonly { readonly kind: string; readonly lines?: number }[]): number {
  return steps.reduce((sum, step) => sum + (step.kind === 'write' ? (step.lines ?? 0) : 0), 0)
}

describe('RunWriter', () => {
  test('shows no line before it is committed', async () => {
    const { feed, writer, release } = await slowLog()
    writer.write(rows(1))
    await new Promise((resolve) => setImmediate(resolve))
    expect(feed.run.next).toBe(0)
    await release()
    expect(feed.run.next).toBe(1)
  })

  test('joins what comes while a commit is under way, so a slow disk costs no throughput', async () => {
    const { appends, writer, release } = await slowLog()
    for (let at = 0; at < 50; at++) writer.write(rows(1))
    expect(appends.length).toBe(1)
    await release()
    expect(appends.map((append) => append.groups.length)).toEqual([1, 49])
    expect(appends[1]?.pos).toBe(1)
  })

  test('gives the store the last progress of each task with the lines that it counts', async () => {
    const { appends, writer, release } = await slowLog()
    writer.write({ ...rows(1), progress: 'at 2' })
    writer.write({ ...rows(1), progress: 'at 4' })
    writer.write({ ...rows(1), task: newTask(1, 'web-2'), progress: 'other' })
    writer.write({ ...rows(1), progress: 'at 6' })
    writer.write(rows(1))
    await release()
    expect(appends.map((append) => append.progress)).toEqual([
      [{ task: 0, value: 'at 2' }],
      [
        { task: 0, value: 'at 6' },
        { task: 1, value: 'other' },
      ],
    ])
    await release()
    writer.write(rows(1))
    expect(appends[2]?.progress).toBeUndefined()
  })

  test('pauses the tasks when too much waits for the disk, and goes on after', async () => {
    const { writer, release } = await slowLog()
    const wide = 'y'.repeat(limits.batchBytesMax - 1)
    while (!writer.full) writer.write(rows(1, wide))
    let ready = false
    const waiting = writer.ready().then(() => {
      ready = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(ready).toBe(false)
    await release()
    await waiting
    expect(writer.full).toBe(false)
  })

  test('ends for good with a sentence when another process has taken the run over', async () => {
    const { writer, release, feed, log, metrics } = await slowLog()
    const taken: AppendResult = { kind: 'fenced', epoch: 2 }
    log.append = async () => taken
    writer.write(rows(1))
    await release()
    await expect(writer.settled()).rejects.toThrow(/taken over by another Farglass process/)
    await expect(writer.ready()).rejects.toBeInstanceOf(AppError)
    expect(feed.run.next).toBe(0)
    expect(await figureOf(metrics, 'farglass_fenced_writes_total')).toBe(1)
  })

  test('keeps what a full disk refused, shows none of it, and offers the same again until there is room', async () => {
    const { appends, feed, writer, release, disk, clock, told } = await slowLog()
    disk.refusal = new AppError('disk-full', 'The disk is full.')
    writer.write(rows(2))
    writer.write(rows(3))
    await release()
    writer.write(rows(4))
    expect(told).toEqual(['paused disk-full'])
    expect(writer.full).toBe(true)
    const [first] = appends.splice(0)
    for (let again = 0; again < 3; again++) {
      clock.advance(limits.storeRetryMs)
      await release()
      expect(appends.splice(0)).toEqual([first])
      expect(feed.run.next).toBe(0)
    }
    disk.refusal = undefined
    clock.advance(limits.storeRetryMs)
    await release()
    expect(told).toEqual(['paused disk-full', `resumed disk-full ${4 * limits.storeRetryMs}`])
    expect(appends.map(({ pos }) => pos)).toEqual([0, 2])
    const settled = writer.settled()
    await release()
    await settled
    expect(feed.stored).toBe(9)
  })

  test('counts a batch that was on its way when the one before it was refused as refused too', async () => {
    const { appends, feed, writer, release, disk, clock } = await slowLog()
    writer.write(rows(1))
    const wide = 'y'.repeat(limits.batchBytesMax - 1)
    for (let at = 0; at < 3; at++) writer.write(rows(1, wide))
    expect(appends.map(({ pos }) => pos)).toEqual([0, 1, 2, 3])
    // Room again before the later ones are looked at: the log finds a hole before them.
    disk.refusal = new AppError('disk-full', 'The disk is full.')
    disk.isOnce = true
    await release()
    expect(feed.stored).toBe(0)
    clock.advance(limits.storeRetryMs)
    await release()
    expect(appends.map(({ pos }) => pos)).toEqual([0, 1, 2, 3, 0, 1, 2, 3])
    expect(feed.stored).toBe(4)
    expect(writer.failure).toBeUndefined()
  })

  test('stores everything once and in order, and shows only what is stored, however often the store has no room', async () => {
    const write = fc.record({
      kind: fc.constant('write' as const),
      lines: fc.integer({ min: 1, max: 3 }),
    })
    const answer = fc.record({
      kind: fc.constant('answer' as const),
      refusal: fc.constantFrom(undefined, undefined, 'disk-full' as const, 'store-busy' as const),
      isOnce: fc.boolean(),
    })
    const wait = fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(3_000) })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(write, answer, wait), { maxLength: 40 }), async (all) => {
        const live = await slowLog()
        let written = 0
        const stored = async () => (await live.store.log.bounds(id)).next
        for (const step of all) {
          if (step.kind === 'write') live.writer.write(rows(step.lines, `line ${written++}`))
          else if (step.kind === 'wait') live.clock.advance(step.ms)
          else {
            const { refusal } = step
            live.disk.isOnce = step.isOnce
            live.disk.refusal = refusal && new AppError(refusal, 'There is no room.')
            await live.release()
          }
          expect(live.feed.stored).toBeLessThanOrEqual(await stored())
        }
        live.disk.refusal = undefined
        for (let turn = 0; turn < 50 && live.writer.committed < linesOf(all); turn++) {
          await live.release()
          live.clock.advance(limits.storeRetryMs)
        }
        await live.writer.settled()
        const groups = await live.store.log.read(id, 0, 1_000_000)
        const texts = groups.flatMap((group) => textsOf(group))
        const writes = all.filter((step) => step.kind === 'write')
        expect(texts).toEqual(
          writes.flatMap(({ lines }, at) => Array.from({ length: lines }, () => `line ${at}`)),
        )
        expect(live.feed.stored).toBe(texts.length)
      }),
      { numRuns: 150 },
    )
  })

  test('fails with the reason when it shall wait for room no longer', async () => {
    const { writer, release, disk, clock, appends } = await slowLog()
    disk.refusal = new AppError('disk-full', 'The disk is full.')
    writer.write(rows(1))
    await release()
    const settled = writer.settled()
    writer.giveUp()
    await expect(settled).rejects.toMatchObject({ code: 'disk-full' })
    clock.advance(10 * limits.storeRetryMs)
    expect(appends).toHaveLength(1)
  })

  test('never offers anything again after a refusal that cannot pass', async () => {
    const { writer, release, disk, clock, appends, told } = await slowLog()
    disk.refusal = new AppError('store-failed', 'The disk did not confirm a write.')
    writer.write(rows(1))
    await release()
    disk.refusal = undefined
    writer.write(rows(1))
    clock.advance(10 * limits.storeRetryMs)
    await expect(writer.settled()).rejects.toMatchObject({ code: 'store-failed' })
    expect(appends).toHaveLength(1)
    expect(told).toEqual([])
  })

  test('does not wait for lines written later when asked whether the earlier ones are settled', async () => {
    const { writer, release } = await slowLog()
    writer.write(rows(1))
    const settled = writer.settled()
    writer.write(rows(1))
    await release()
    await settled
  })
})
