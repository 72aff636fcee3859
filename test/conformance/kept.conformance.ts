/** What every store promises of runs that are pinned, and of those whose lines retention removes. */
import { describe, expect, test } from 'vitest'
import { createRetention } from '../../src/core/retention/retention.ts'
import { newTask } from '../../src/core/runs/task-state.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { limits } from '../../src/shared/limits.ts'
import { textsOf as textsIn } from '../../src/shared/line-group.ts'
import { listedRun, type TaskCounts } from '../../src/shared/listed-run.ts'
import { keepsAll, type Removal } from '../../src/shared/retention.ts'
import type { Run, Task } from '../../src/shared/run.ts'
import { manualClock } from '../support/manual-clock.ts'
import { addRun, appendTo, lines, type TestedStore } from './store.conformance.ts'

export function testKept(name: string, open: () => Promise<TestedStore>): void {
  describe(`${name}: kept runs`, () => {
    test('a run is pinned and let go of, at any time, and is found by that', async () => {
      await using store = await open()
      const { catalog } = store
      const [run, other] = [await addRun(store), await addRun(store)]
      expect((await catalog.keep(run.id, { pinned: true }))?.pinned).toBe(true)
      const idsOf = async (pinned: boolean) =>
        (await catalog.list({ limit: 10, pinned })).map(({ id }) => id)
      expect(await idsOf(true)).toEqual([run.id])
      expect(await idsOf(false)).toEqual([other.id])
      await endRun(store, run)
      expect(await catalog.get(run.id)).toMatchObject({ pinned: true, state: 'ended' })
      expect((await catalog.keep(run.id, { pinned: false }))?.pinned).toBe(false)
      expect(await idsOf(true)).toEqual([])
      expect(await catalog.keep(`r${'0'.repeat(25)}`, { pinned: true })).toBeUndefined()
    })

    test('what is removed is noted once, never of a run that is pinned or goes on', async () => {
      await using store = await open()
      const run = await addRun(store)
      const note = async (removed: Removal) =>
        (await store.catalog.keep(run.id, { removed }))?.removed
      await store.log.append(appendTo(run, 0, lines('a', 'b')))
      expect(await note(removal)).toBeNull()
      await store.catalog.keep(run.id, { pinned: true })
      await endRun(store, run)
      expect(await note(removal)).toBeNull()
      await store.catalog.keep(run.id, { pinned: false })
      expect(await note(removal)).toEqual(removal)
      expect(await note({ ...removal, rule: 'size', limit: 5 })).toEqual(removal)
      expect((await store.catalog.get(run.id))?.removed).toEqual(removal)
    })

    test('a list tells what the tasks of each run amount to, as it is when it is asked', async () => {
      await using store = await open()
      const names = Array.from({ length: limits.listedTasksMax + 2 }, (_, at) => `web-${at}`)
      const queued = names.map((host, at) => newTask(at, host))
      const run = await addRun(store, { tasks: queued, target: names.join(',') })
      const listed = async () => (await store.catalog.listed({ limit: 1 }))[0]
      const check = async (counts: TaskCounts) => {
        const whole = await store.catalog.get(run.id)
        expect(await listed()).toEqual(whole === undefined ? undefined : listedRun(whole))
        expect(await listed()).toMatchObject({ hosts: names.length, counts, away: 0 })
      }
      await check({ queued: 10 })
      const running = queued.map((task): Task => ({ ...task, state: 'running' }))
      await store.catalog.save({ run: run.id, epoch: 1, tasks: running.slice(0, 4) })
      await check({ queued: 6, running: 4 })
      const over = running.map((task): Task => ({ ...task, state: 'ended', exitCode: task.id % 3 }))
      const state = { state: 'ended', outcome: 'failed', endedAt: removal.at } as const
      await store.catalog.save({ run: run.id, epoch: 1, tasks: over, state })
      for (let asked = 0; asked < 2; asked++) await check({ succeeded: 4, failed: 6 })
      await store.catalog.keep(run.id, { removed: removal })
      await store.catalog.keep(run.id, { pinned: true })
      await check({ succeeded: 4, failed: 6 })
      expect(await listed()).toMatchObject({ pinned: true, removed: removal })
      await store.catalog.remove(run.id)
      expect(await listed()).toBeUndefined()
    })

    test('the row that tells of it stands in the place behind the lines, and is all that is read', async () => {
      await using store = await open()
      const run = await addRun(store)
      await store.log.append(appendTo(run, 0, lines('a', 'b')))
      await endRun(store, run)
      await store.catalog.keep(run.id, { removed: removal })
      await store.log.drop(run.id)
      const note = appendTo(run, 2, [
        { ...firstOf(lines('retention: 2 lines removed')), channel: 'note' },
      ])
      expect(await store.log.append(note)).toEqual({ kind: 'stored', next: 3 })
      expect(await store.log.append(note)).toEqual({ kind: 'duplicate', next: 3 })
      const groups = await store.log.read(run.id, 0, 1_000)
      expect(groups.map(({ pos, channel }) => [pos, channel])).toEqual([[2, 'note']])
      const kept = { state: 'ended', first: 2, next: 3, lines: 2, removed: removal }
      expect(await store.catalog.get(run.id)).toMatchObject(kept)
    })

    testRetention(open)
  })
}

function testRetention(open: () => Promise<TestedStore>): void {
  test('retention takes the lines of old runs, says so in their place, and takes rows when they are due', async () => {
    await using store = await open()
    const { retention, clock } = retentionOf(store)
    const [old, pinned, live] = [await filled(store), await filled(store), await filled(store)]
    await endRun(store, old)
    await endRun(store, pinned)
    await store.catalog.keep(pinned.id, { pinned: true })
    const policy = { ...keepsAll, ageMs: 10 * dayMs, rowAgeMs: 30 * dayMs }
    await retention.save(policy)
    expect(await retention.apply(anySignal)).toEqual({ lines: { runs: 0, bytes: 0 }, rows: 0 })
    clock.advance(11 * dayMs)
    const preview = await retention.preview(policy)
    expect(preview).toMatchObject({
      lines: { runs: 1, bytes: 4 },
      rows: { runs: 0 },
      pinned: { runs: 1 },
    })
    expect(await retention.apply(anySignal)).toEqual({ lines: { runs: 1, bytes: 4 }, rows: 0 })
    expect(await textsOf(store, old)).toEqual(['retention: 2 lines removed (older than 10 days)'])
    expect((await store.catalog.get(old.id))?.removed).toMatchObject({ rule: 'age', lines: 2 })
    for (const run of [pinned, live]) expect(await textsOf(store, run)).toEqual(['a', 'b'])
    expect((await retention.apply(anySignal)).lines.runs).toBe(0)
    clock.advance(20 * dayMs)
    expect((await retention.apply(anySignal)).rows).toBe(1)
    expect(await store.catalog.get(old.id)).toBeUndefined()
    expect(await store.catalog.get(pinned.id)).toBeDefined()
  })

  test('a removal that a crash has cut off at any step is finished at the next look', async () => {
    await using store = await open()
    const { retention } = retentionOf(store)
    const [noted, dropped] = [await filled(store), await filled(store)]
    for (const run of [noted, dropped]) {
      await endRun(store, run)
      await store.catalog.keep(run.id, { removed: removal })
    }
    await store.log.drop(dropped.id)
    await retention.apply(anySignal)
    await retention.apply(anySignal)
    for (const run of [noted, dropped]) {
      expect(await textsOf(store, run)).toEqual(['retention: 2 lines removed (older than 1 day)'])
    }
  })
}

const dayMs = 86_400_000
const anySignal = new AbortController().signal

function retentionOf(store: TestedStore) {
  const clock = manualClock()
  clock.advance(Date.parse(removal.at))
  const { records } = createMemoryStore()
  return { clock, retention: createRetention({ ...store, records, clock }) }
}

async function filled(store: TestedStore): Promise<Run> {
  const run = await addRun(store)
  const [task] = run.tasks
  const tasks = task === undefined ? [] : [{ ...task, outBytes: 4 }]
  await store.log.append({ ...appendTo(run, 0, lines('a', 'b')), tasks })
  return run
}

async function textsOf({ log }: TestedStore, { id }: Run): Promise<readonly string[]> {
  return (await log.read(id, 0, 10_000)).flatMap((group) => textsIn(group))
}

const removal: Removal = {
  at: '2026-02-01T00:00:00.000Z',
  before: 2,
  lines: 2,
  rule: 'age',
  limit: 86_400_000,
}

async function endRun({ catalog }: TestedStore, { id, epoch }: Run): Promise<void> {
  const state = { state: 'ended', outcome: 'succeeded', endedAt: removal.at } as const
  await catalog.save({ run: id, epoch, tasks: [], state })
}

function firstOf<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error('There is none.')
  return first
}
