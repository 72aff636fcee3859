import { expect, test } from 'vitest'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { limits } from '../../shared/limits.ts'
import { textsOf } from '../../shared/line-group.ts'
import { CatchUp } from '../feed/catch-up.ts'
import { follow } from '../feed/follow.ts'
import { RunFeed } from '../feed/run-feed.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { createMemoryStore, type MemoryStore } from '../store/memory-store.ts'
import { ForeignFeed } from './foreign-feed.ts'
import type { FeedItem } from './run-service.ts'
import { newTask } from './task-state.ts'

const id = `r${'f'.repeat(25)}`
const run = sampleRun({ id, tasks: [newTask(0, 'web-1')] })

test('reads the store once for all who follow, and shows the lines before the state', async () => {
  const { store, hear, seen, reads } = await foreignRun()
  await append(store, 0, 'a', 'b')
  await append(store, 2, 'c')
  const state = { state: 'ended', outcome: 'lost', endedAt: 'x' } as const
  await store.catalog.save({ run: id, epoch: 1, tasks: [], state })
  await hear()
  for (const items of seen) {
    expect(textsIn(items)).toEqual(['a', 'b', 'c'])
    expect(items.at(-1)).toMatchObject({ kind: 'end', next: 3, run: { outcome: 'lost' } })
  }
  // One that finds them, one that finds that there are no more; each followed by the look.
  expect(reads()).toBeLessThanOrEqual(3)
})

test('a store that has lost lines, whose run goes on in another epoch, is read again from there', async () => {
  const place = await foreignRun()
  const { store, hear, seen, replace } = place
  await append(store, 0, 'a', 'b', 'lost 1', 'lost 2')
  await hear()
  const older = createMemoryStore()
  await older.catalog.create(run, 'me')
  await append(older, 0, 'a', 'b')
  replace(older)
  await hear()
  expect(seen[0]?.some(({ kind }) => kind === 'reset')).toBe(false)
  await older.catalog.acquire(id, 'new', 1)
  await hear()
  await append(older, 2, 'new', 2)
  await hear()
  for (const items of seen) {
    const epochs = [{ epoch: 2, from: 2 }]
    expect(items.filter(({ kind }) => kind === 'reset')).toEqual([
      { kind: 'reset', epoch: 2, from: 2, epochs },
    ])
    expect(textsIn(items)).toEqual(['a', 'b', 'lost 1', 'lost 2', 'new'])
  }
})

test('a new owner that is faster than the others look does not hide that lines were lost', async () => {
  const { store, hear, seen, replace } = await foreignRun()
  await append(store, 0, 'a', 'b', 'lost 1', 'lost 2')
  await hear()
  const older = createMemoryStore()
  await older.catalog.create(run, 'me')
  await append(older, 0, 'a', 'b')
  await older.catalog.acquire(id, 'new', 1)
  await append(older, 2, 'new 1', 'new 2', 'new 3', 2)
  replace(older)
  await hear()
  for (const items of seen) expect(keptIn(items)).toEqual(['a', 'b', 'new 1', 'new 2', 'new 3'])
})

test('an unfinished line waits for the lines before it, and is dropped when its own is there', async () => {
  const { store, foreign, hear, seen } = await foreignRun()
  const partial = { kind: 'partial', task: 0, channel: 'out', text: 'a?' } as const
  foreign.hear({ ...partial, at: 1 })
  await hear()
  expect(partialsIn(seen)).toEqual([])
  await append(store, 0, 'a')
  await hear()
  expect(partialsIn(seen)).toEqual(['a?'])
  await append(store, 1, 'a? yes')
  await hear()
  foreign.hear({ ...partial, text: 'too late', at: 1 })
  await hear()
  expect(partialsIn(seen)).toEqual(['a?'])
})

/** Two who follow a run that another process carries. */
async function foreignRun() {
  let current = createMemoryStore()
  let reads = 0
  const store = current
  await store.catalog.create(run, 'me')
  const clock = manualClock()
  const log: Pick<MemoryStore['log'], 'read' | 'bounds'> = {
    read: (...args) => {
      reads += 1
      return current.log.read(...args)
    },
    bounds: (of) => current.log.bounds(of),
  }
  const get = (of: string) => current.catalog.get(of)
  const parts = { log, catalog: { get }, clock, metrics: createMetrics(), watch: store.watch }
  const feed = new RunFeed(run, clock)
  const foreign = new ForeignFeed(feed, parts)
  const seen: FeedItem[][] = [[], []]
  for (const items of seen) void collect(feed, new CatchUp(log), items)
  return {
    store,
    foreign,
    seen,
    reads: () => reads,
    replace: (other: MemoryStore) => {
      current = other
    },
    hear: async () => {
      foreign.hear({ kind: 'state' })
      for (let turn = 0; turn < 3; turn++) {
        await new Promise((resolve) => setTimeout(resolve))
        clock.advance(limits.foreignRunPollMs)
      }
      await new Promise((resolve) => setTimeout(resolve))
    },
  }
}

async function collect(feed: RunFeed, catchUp: CatchUp, items: FeedItem[]): Promise<void> {
  const signal = AbortSignal.timeout(10_000)
  for await (const item of follow({ feed, catchUp, from: 0, signal })) items.push(item)
}

async function append(
  { log }: MemoryStore,
  pos: number,
  ...texts: readonly (string | number)[]
): Promise<void> {
  const epoch = texts.find((text) => typeof text === 'number') ?? 1
  const lines = texts.filter((text) => typeof text === 'string')
  const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`)
  const group = {
    task: 0,
    channel: 'out',
    time: 0,
    count: lines.length,
    bytes,
    end: 'newline',
  } as const
  await log.append({ run: id, epoch: Number(epoch), pos, groups: [group], tasks: [] })
}

function textsIn(items: readonly FeedItem[]): string[] {
  return items.flatMap((item) =>
    item.kind === 'frame' ? item.groups.flatMap((group) => textsOf(group)) : [],
  )
}

/** What a reader has that does what it is told. */
function keptIn(items: readonly FeedItem[]): string[] {
  const kept: string[] = []
  for (const item of items) {
    if (item.kind === 'reset') kept.length = Math.min(kept.length, item.from)
    if (item.kind === 'frame') kept.push(...textsIn([item]))
  }
  return kept
}

function partialsIn([items = []]: readonly FeedItem[][]): string[] {
  return items.flatMap((item) => (item.kind === 'partial' ? [item.text] : []))
}
