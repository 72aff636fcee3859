import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FiringState, takeFirings } from '../../client/firing-state.ts'
import { automationLimits } from '../../shared/automation-limits.ts'
import { createMemoryFiringBell, type FiringBell } from '../nodes/firing-bell.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import type { RecordStore } from '../store/record-store.ts'
import { FiringFeed } from './firing-feed.ts'

const firingOf = (id: string) => {
  return { id, alert: 'errors', time: '2026-01-01T00:00:00Z', title: id, path: '/', desktop: true }
}

/** Feeds of several nodes of one store, with what is read from it and who hears its bell. */
function openNodes() {
  const { records } = createMemoryStore()
  const bell = createMemoryFiringBell()
  const seen = { reads: 0, hearing: 0 }
  const counted: RecordStore = {
    list: (kind) => records.list(kind),
    put: (record) => records.put(record),
    remove: (kind, name, version) => records.remove(kind, name, version),
    get: (kind, name) => {
      seen.reads += 1
      return records.get(kind, name)
    },
  }
  const heard: FiringBell = {
    ring: () => bell.ring(),
    hear: (onRing, signal) => {
      seen.hearing += 1
      signal.addEventListener('abort', () => (seen.hearing -= 1), { once: true })
      bell.hear(onRing, signal)
    },
  }
  return { seen, records, node: () => new FiringFeed({ records: counted, bell: heard }) }
}

/** A client over any number of connections. */
class Reader {
  readonly got: string[] = []
  missed = 0
  #state: FiringState = { cursor: null, known: [] }
  #leave: AbortController | null = null
  #over = Promise.resolve()

  /** Resolves when it stands. */
  async join(feed: FiringFeed): Promise<void> {
    if (this.#leave !== null) return
    this.#leave = new AbortController()
    const { signal } = this.#leave
    await new Promise<void>((resolve) => {
      this.#over = this.#read(feed, signal, resolve)
    })
  }

  async leave(): Promise<void> {
    this.#leave?.abort()
    this.#leave = null
    await this.#over
  }

  async #read(feed: FiringFeed, signal: AbortSignal, onFirst: () => void): Promise<void> {
    for await (const event of feed.follow(this.#state.cursor, signal)) {
      const { state, news } = takeFirings(this.#state, event)
      this.#state = state
      this.got.push(...news.firings.map(({ id }) => id))
      this.missed += news.missed
      onFirst()
    }
  }
}

test('whoever reads gets each firing of any node once and in order, however often it comes and goes', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant('fire' as const) },
    fc.constantFrom('again' as const, 'join' as const, 'leave' as const),
  )
  const steps = fc.array(fc.record({ step, node: fc.nat(1) }), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const { node } = openNodes()
      const nodes = [node(), node()] as const
      const reader = new Reader()
      let [fired, begun] = [0, -1]
      for (const { step, node: at } of all) {
        const feed = at === 0 ? nodes[0] : nodes[1]
        if (step === 'fire') await feed.add(firingOf(String(fired++)))
        // As after a crash between two writes.
        if (step === 'again' && fired > 0) await feed.add(firingOf(String(fired - 1)))
        if (step === 'leave') await reader.leave()
        if (step !== 'join') continue
        await reader.join(feed)
        if (begun < 0) begun = fired
      }
      if (begun < 0) begun = fired
      await reader.leave()
      await reader.join(nodes[0])
      await reader.leave()
      const wanted = Array.from({ length: fired - begun }, (_, at) => String(begun + at))
      expect(reader.got).toEqual(wanted)
      expect(reader.missed).toBe(0)
    }),
    { numRuns: 50 },
  )
})

test('who comes back after more firings than are kept is told how many it has missed', async () => {
  const feed = openNodes().node()
  const reader = new Reader()
  await reader.join(feed)
  await reader.leave()
  const fired = automationLimits.firingsKept + 3
  for (let at = 0; at < fired; at++) await feed.add(firingOf(String(at)))
  await reader.join(feed)
  await reader.leave()
  expect(reader.got).toEqual(Array.from({ length: fired - 3 }, (_, at) => String(at + 3)))
  expect(reader.missed).toBe(3)
})

test('a hundred readers are one look at the store for each ring, and nobody is none', async () => {
  const { seen, node } = openNodes()
  const [here, there] = [node(), node()]
  const readers = Array.from({ length: 100 }, () => new Reader())
  await Promise.all(readers.map((reader) => reader.join(here)))
  expect(seen.hearing).toBe(1)
  const before = seen.reads
  await there.add(firingOf('a'))
  await expect.poll(() => readers.every(({ got }) => got.length === 1)).toBe(true)
  // One of them was made by who added it.
  expect(seen.reads - before).toBe(2)
  await Promise.all(readers.map((reader) => reader.leave()))
  expect(seen.hearing).toBe(0)
  const left = seen.reads
  await there.add(firingOf('b'))
  expect(seen.reads - left).toBe(1)
})

test('a store that has lost its firings gives a reader those that come then, and none twice', async () => {
  const { node, records } = openNodes()
  const feed = node()
  const reader = new Reader()
  await reader.join(feed)
  for (const id of ['a', 'b', 'c']) await feed.add(firingOf(id))
  await expect.poll(() => reader.got).toEqual(['a', 'b', 'c'])
  await reader.leave()
  await records.remove('alert-firings', 'all')
  for (const id of ['c', 'd']) await feed.add(firingOf(id))
  await reader.join(feed)
  await feed.add(firingOf('e'))
  await expect.poll(() => reader.got).toEqual(['a', 'b', 'c', 'd', 'e'])
  await reader.leave()
})
