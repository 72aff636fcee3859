/** What every store promises of runs that are pinned, and of those whose lines retention removes. */
import { describe, expect, test } from 'vitest'
import type { Removal } from '../../src/shared/retention.ts'
import type { Run } from '../../src/shared/run.ts'
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
  })
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
