import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { type LineGroup, type PlacedGroup, textsOf } from '../../shared/line-group.ts'
import type { Run } from '../../shared/run.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { HotBrake } from './hot-brake.ts'
import { MemoryArchive } from './memory-archive.ts'
import { createMemoryStore } from './memory-store.ts'
import { moveChunk } from './move-chunk.ts'
import { TieredLog } from './tiered-log.ts'

const seed = Number(process.env['FARGLASS_TEST_SEED'] ?? Date.now() % 1_000_000_000)

test(`reads across the border give what one log gives, at every cut (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const tiers = await createTiers()
      await using reference = createMemoryStore()
      await reference.catalog.create(tiers.run, 'me')
      for (const each of steps) await take(tiers, reference.log, each)
      const { next } = await reference.log.bounds(tiers.run.id)
      expect(await tiers.log.bounds(tiers.run.id)).toMatchObject({ first: 0, next })
      for (let from = 0; from <= next; from++) {
        const expected = linesOf(await reference.log.read(tiers.run.id, from, 1_000_000))
        deepStrictEqual(linesOf(await tiers.log.read(tiers.run.id, from, 1_000_000)), expected)
        deepStrictEqual(await readInSteps(tiers, from), expected)
      }
    }),
    { seed, numRuns: 60 },
  )
})

test('lines that the archive has lost are rows that say so, and those around them are there', async () => {
  const tiers = await createTiers()
  const { log, archive, run } = tiers
  for (let pos = 0; pos < 9; pos++) {
    await log.append({ run: run.id, epoch: 1, pos, groups: [group(0, [`l${pos}`])], tasks: [] })
    if (pos % 3 === 2) await moveChunk(tiers, run.id)
  }
  await archive.remove(run.id)
  await archive.put(run.id, [{ ...group(0, ['l3', 'l4', 'l5']), pos: 3 }])
  const texts = linesOf(await readAll(tiers, 0)).map(([, text]) => String(text))
  const shown = texts.map((text) => (text.startsWith('gap: ') ? 'gap' : text))
  expect(shown.join(' ')).toBe('gap gap gap l3 l4 l5 gap gap gap')
})

test('lines that were removed without an archive move the begin of the run', async () => {
  const { hot, catalog, run } = await createTiers()
  const groups = [group(0, ['a']), group(1, ['b', 'c'])]
  await hot.append({ run: run.id, epoch: 1, pos: 0, groups, tasks: [] })
  expect(await moveChunk({ hot, archive: null }, run.id, 1)).toEqual({
    lines: 1,
    next: 1,
    bytes: 0,
  })
  expect(await hot.bounds(run.id)).toMatchObject({ first: 1, next: 3 })
  expect((await catalog.get(run.id))?.first).toBe(1)
  expect(linesOf(await hot.read(run.id, 0, 100)).map(([pos]) => pos)).toEqual([1, 2])
})

test('a run that is removed while a range of it is put leaves nothing in the archive', async () => {
  const { hot, catalog, archive, run } = await createTiers()
  await hot.append({ run: run.id, epoch: 1, pos: 0, groups: [group(0, ['a'])], tasks: [] })
  const state = { state: 'ended', outcome: 'succeeded', endedAt: 'x' } as const
  await catalog.save({ run: run.id, epoch: 1, tasks: [], state })
  const put = archive.put.bind(archive)
  archive.put = async (id, groups) => {
    await catalog.remove(id)
    return put(id, groups)
  }
  await moveChunk({ hot, archive }, run.id)
  expect(await archive.ranges(run.id)).toEqual([])
})

test('dropping the lines drops those in the archive', async () => {
  const tiers = await createTiers()
  const { log, hot, archive, run } = tiers
  await hot.append({ run: run.id, epoch: 1, pos: 0, groups: [group(0, ['a'])], tasks: [] })
  await moveChunk(tiers, run.id)
  expect(await log.read(run.id, 0, 100)).toHaveLength(1)
  await log.drop(run.id)
  expect(await log.read(run.id, 0, 100)).toEqual([])
  expect(await archive.ranges(run.id)).toEqual([])
})

type Step =
  | { readonly kind: 'append'; readonly groups: readonly LineGroup[] }
  | { readonly kind: 'move'; readonly bytesMax: number }
  /** Another node has put its range, and died before it could trim. */
  | { readonly kind: 'put'; readonly bytesMax: number }
  /** Another one trims within a range, even within a group. */
  | { readonly kind: 'trim'; readonly back: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .array(
      fc.tuple(
        fc.nat(2),
        fc.array(fc.stringMatching(/^[a-z]{0,5}$/), { minLength: 1, maxLength: 4 }),
      ),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map(
      (all) =>
        ({ kind: 'append', groups: all.map(([task, texts]) => group(task, texts)) }) as const,
    ),
  fc.nat(30).map((bytesMax) => ({ kind: 'move', bytesMax }) as const),
  fc.nat(30).map((bytesMax) => ({ kind: 'put', bytesMax }) as const),
  fc.nat(5).map((back) => ({ kind: 'trim', back }) as const),
)

type Tiers = Awaited<ReturnType<typeof createTiers>>

async function createTiers() {
  const store = createMemoryStore()
  const archive = new MemoryArchive()
  const run: Run = sampleRun()
  await store.catalog.create(run, 'me')
  const log = new TieredLog({ hot: store.log, archive, brake: new HotBrake() }, createMetrics())
  return { log, hot: store.log, catalog: store.catalog, archive, run }
}

async function take(tiers: Tiers, reference: Tiers['hot'], each: Step): Promise<void> {
  const { hot, log, archive, run } = tiers
  switch (each.kind) {
    case 'append': {
      const { next: pos } = await hot.bounds(run.id)
      const append = { run: run.id, epoch: 1, pos, groups: each.groups, tasks: [] }
      expect(await log.append(append)).toEqual(await reference.append(append))
      return
    }
    case 'move':
      await moveChunk(tiers, run.id, each.bytesMax)
      return
    case 'put': {
      const bounds = await hot.hotBounds(run.id)
      const groups = await hot.read(run.id, bounds?.hot ?? 0, each.bytesMax)
      if (groups.length > 0) await archive.put(run.id, groups)
      return
    }
    case 'trim': {
      const end = Math.max(0, ...(await archive.ranges(run.id)).map(({ next }) => next))
      await hot.trim(run.id, { before: Math.max(0, end - each.back), isArchived: true })
    }
  }
}

async function readAll(tiers: Tiers, from: number): Promise<PlacedGroup[]> {
  return [...(await tiers.log.read(tiers.run.id, from, 1_000_000))]
}

/** As a viewer reads, with the smallest answers. */
async function readInSteps({ log, run }: Tiers, from: number): Promise<unknown[]> {
  const found: unknown[] = []
  for (let at = from; ; ) {
    const groups = await log.read(run.id, at, 1)
    const last = groups.at(-1)
    if (last === undefined) return found
    expect(groups[0]?.pos).toBe(at)
    found.push(...linesOf(groups))
    at = last.pos + last.count
  }
}

function linesOf(groups: readonly PlacedGroup[]): [number, string, number][] {
  return groups.flatMap((each) =>
    textsOf(each).map((text, index): [number, string, number] => [
      each.pos + index,
      text,
      each.task,
    ]),
  )
}

function group(task: number, texts: readonly string[]): LineGroup {
  const bytes = new TextEncoder().encode(texts.map((text) => `${text}\n`).join(''))
  return { task, channel: 'out', time: 1, count: texts.length, bytes, end: 'newline' }
}
