import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { limits } from '../../shared/limits.ts'
import { textsOf } from '../../shared/line-group.ts'
import { createMetrics } from '../metrics/metrics.ts'
import type { FeedItem } from '../runs/run-service.ts'
import { RunWriter } from '../runs/run-writer.ts'
import { newTask } from '../runs/task-state.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { CatchUp } from './catch-up.ts'
import { follow } from './follow.ts'
import { RunFeed } from './run-feed.ts'

const id = `r${'a'.repeat(25)}`
const task = newTask(0, 'web-1')
const run = sampleRun({ id, tasks: [task] })

async function liveRun() {
  const store = createMemoryStore()
  await store.catalog.create(run, 'me')
  const clock = manualClock()
  const feed = new RunFeed(run, clock)
  const metrics = createMetrics()
  const writer = new RunWriter({ run: id, epoch: 1, next: 0, log: store.log, feed, clock, metrics })
  const catchUp = new CatchUp(store.log)
  let written = 0
  const write = (count: number) => {
    const text = Array.from({ length: count }, () => `line ${written++}\n`).join('')
    const bytes = new Uint8Array(Buffer.from(text))
    const group = { task: 0, channel: 'out', time: 0, count, bytes, end: 'newline' } as const
    writer.write({ group, task })
  }
  return { store, clock, feed, writer, catchUp, write, written: () => written }
}

/** Texts of all lines until `end` or until `stopAfter` items, with the cursor after them. */
async function watch(live: Awaited<ReturnType<typeof liveRun>>, from: number, stopAfter = 1e9) {
  const abort = new AbortController()
  const texts: string[] = []
  const kinds: FeedItem['kind'][] = []
  let cursor = from
  let taken = 0
  for await (const item of follow({ ...live, from, signal: abort.signal })) {
    kinds.push(item.kind)
    if (item.kind === 'frame') {
      expect(item.pos).toBe(cursor)
      for (const group of item.groups) texts.push(...textsOf(group))
      cursor = item.next
    }
    taken += 1
    if (taken >= stopAfter) break
  }
  return { texts, cursor, kinds }
}

describe('follow', () => {
  test('gives no line from the store that its feed has not heard of: it may be of a new owner', async () => {
    const { store, catchUp, clock } = await liveRun()
    const bytes = new Uint8Array(Buffer.from('line 0\nline 1\nline 2\n'))
    const group = { task: 0, channel: 'out', time: 0, count: 3, bytes, end: 'newline' } as const
    await store.log.append({ run: id, epoch: 1, pos: 0, groups: [group], tasks: [] })
    const feed = new RunFeed({ ...run, next: 2 }, clock)
    const { signal } = new AbortController()
    const items = follow({ feed, catchUp, from: 0, signal })
    await items.next()
    expect((await items.next()).value).toMatchObject({ kind: 'frame', pos: 0, next: 2 })
    const rest = items.next()
    const ended = { ...run, state: 'ended', next: 2 } as const
    feed.end(ended)
    expect((await rest).value).toMatchObject({ kind: 'run' })
    expect((await items.next()).value).toMatchObject({ kind: 'end', next: 2 })
  })

  test('gives every line once and in order, whenever a viewer joins, leaves and comes back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }),
        fc.array(fc.record({ at: fc.nat(29), cut: fc.integer({ min: 2, max: 6 }) }), {
          minLength: 1,
          maxLength: 5,
        }),
        async (batches, viewers) => {
          const live = await liveRun()
          const results: Promise<string[]>[] = []
          const view = async (cut: number) => {
            const seen: string[] = []
            let from = 0
            for (;;) {
              const part = await watch(live, from, cut)
              seen.push(...part.texts)
              from = part.cursor
              if (part.kinds.includes('end')) return seen
            }
          }
          for (const [at, count] of batches.entries()) {
            for (const viewer of viewers) {
              if (viewer.at % batches.length === at) results.push(view(viewer.cut))
            }
            live.write(count)
            live.clock.advance(at % 7)
            if (at % 3 === 0) await live.writer.settled()
          }
          await live.writer.settled()
          live.feed.end({ ...live.feed.run, state: 'ended', outcome: 'succeeded' })
          const all = Array.from({ length: live.written() }, (_, at) => `line ${at}`)
          for (const seen of await Promise.all(results)) expect(seen).toEqual(all)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('seed-01-late-joiner: gives history from the store and then the live lines, also behind the tail', async () => {
    const live = await liveRun()
    const many = Math.ceil((limits.feedTailBytesMax * 1.5) / 10_000)
    for (let at = 0; at < many; at++) {
      live.write(1_000)
      await live.writer.settled()
    }
    const late = watch(live, 0)
    live.write(5)
    await live.writer.settled()
    live.feed.end({ ...live.feed.run, state: 'ended' })
    const { texts } = await late
    expect(texts.length).toBe(many * 1_000 + 5)
    expect(texts.every((text, at) => text === `line ${at}`)).toBe(true)
  })

  test('says where the run begins now when lines that a viewer waited for were removed', async () => {
    const live = await liveRun()
    const many = Math.ceil((limits.feedTailBytesMax * 1.5) / 10_000)
    for (let at = 0; at < many; at++) {
      live.write(1_000)
      await live.writer.settled()
    }
    live.feed.end({ ...live.feed.run, state: 'ended' })
    const { next } = live.feed.run
    const before = next - 100
    const firsts: number[] = []
    let cursor = 0
    for await (const item of follow({ ...live, from: 0, signal: new AbortController().signal })) {
      if (item.kind === 'run') {
        firsts.push(item.run.first)
        cursor = Math.max(cursor, item.run.first)
      }
      if (item.kind !== 'frame') continue
      expect(item.pos).toBe(cursor)
      cursor = item.next
      await live.store.log.trim(id, { before, isArchived: false })
    }
    expect(cursor).toBe(next)
    expect(firsts).toEqual([0, before])
  })

  test('shows state first, an unfinished line to those who join later, and the end last', async () => {
    const live = await liveRun()
    live.write(1)
    await live.writer.settled()
    live.feed.setPartial({ task: 0, channel: 'out', text: 'Password: ' })
    const seen = watch(live, 0)
    live.feed.end({ ...live.feed.run, state: 'ended' })
    expect((await seen).kinds).toEqual(['run', 'frame', 'partial', 'run', 'end'])
  })

  test('takes an unfinished line back once its line is there', async () => {
    const live = await liveRun()
    live.feed.setPartial({ task: 0, channel: 'out', text: 'lin' })
    live.write(1)
    await live.writer.settled()
    live.feed.end({ ...live.feed.run, state: 'ended' })
    expect((await watch(live, 0)).kinds).toEqual(['run', 'frame', 'end'])
  })

  test('tells a cursor after the end to go back to it', async () => {
    const live = await liveRun()
    live.write(3)
    await live.writer.settled()
    live.feed.end({ ...live.feed.run, state: 'ended' })
    expect((await watch(live, 99)).kinds).toEqual(['run', 'reset', 'end'])
  })

  test('takes a cursor that the writer has not heard of yet, when the line before it is stored', async () => {
    const live = await liveRun()
    live.write(1)
    await live.writer.settled()
    const bytes = new Uint8Array(Buffer.from('line 1\n'))
    const group = { task: 0, channel: 'out', time: 0, count: 1, bytes, end: 'newline' } as const
    await live.store.log.append({ run: id, epoch: 1, pos: 1, groups: [group], tasks: [] })
    expect(live.feed.stored).toBe(1)
    const late = watch(live, 2)
    live.feed.publish(await live.store.log.read(id, 1, 1_000))
    live.feed.end({ ...live.feed.run, state: 'ended' })
    expect((await late).kinds).toEqual(['run', 'run', 'end'])
  })

  test('lets a viewer go at once when it leaves a silent run', async () => {
    const live = await liveRun()
    const abort = new AbortController()
    const items = follow({ ...live, from: 0, signal: abort.signal })
    expect((await items.next()).value).toMatchObject({ kind: 'run' })
    const waiting = items.next()
    expect(live.feed.followers).toBe(1)
    abort.abort()
    expect((await waiting).done).toBe(true)
    expect(live.feed.followers).toBe(0)
  })

  test('joins lines for many viewers, and sends at once for few', async () => {
    const live = await liveRun()
    const leave = Array.from({ length: 100 }, () => live.feed.join())
    live.write(1)
    await live.writer.settled()
    expect(live.feed.run.next).toBe(1)
    live.write(1)
    live.write(1)
    await live.writer.settled()
    expect(live.feed.run.next).toBe(1)
    expect(live.feed.stored).toBe(3)
    live.clock.advance(limits.flushDelayMsMax)
    expect(live.feed.run.next).toBe(3)
    for (const go of leave) go()
    live.clock.advance(1)
    live.write(1)
    await live.writer.settled()
    expect(live.feed.run.next).toBe(4)
  })
})
