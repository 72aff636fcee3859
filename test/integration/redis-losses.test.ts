/** What readers get of a run whose Redis loses lines that it had confirmed, and whose owners die, sleep and wake. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RedisStore } from '../../src/adapters/redis/redis-store.ts'
import { type EpochStart, givenAnewFrom } from '../../src/shared/epochs.ts'
import { LosingRun, openPlaces } from '../support/losing-run.ts'
import { LosingViewer, startViewingNode, type ViewingNode } from '../support/losing-viewers.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { seededRandom, seedOfProcess } from '../support/seeded-random.ts'

const seed = seedOfProcess()
let server: RedisServer
let places: RedisStore[]

beforeAll(async () => {
  server = await startRedis()
  places = await openPlaces(server, 4)
})

afterAll(async () => {
  for (const place of places) await place[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

test(`no reader ever has lines of two histories, whatever is lost and whoever goes on (seed ${seed})`, async () => {
  const sequences = fc.array(step, { minLength: 4, maxLength: 30 })
  const property = fc.asyncProperty(sequences, async (steps) => {
    const world = new World(await LosingRun.create(places))
    for (const each of steps) await world.take(each)
    for (let reader = 0; reader < 3; reader++) await world.take({ kind: 'read', reader })
  })
  const report = await fc.check(property, { seed, numRuns: 200 })
  expect(await fc.asyncDefaultReportMessage(report)).toBeUndefined()
})

test(`viewers at any node have what is stored when it ends, and hear of losses only where there were any (seed ${seed})`, async () => {
  const owners = Array.from({ length: 40 }, (_, index) => `owner ${index}`)
  const nodes = await Promise.all([1, 2].map(() => startViewingNode(server, owners)))
  const random = seededRandom(seed)
  const pick = () => random.pick([nodes[0], nodes[1]] as [ViewingNode, ViewingNode]).service
  try {
    for (let turn = 0; turn < 12; turn++) {
      const run = await LosingRun.create(places)
      const viewers = [1, 2, 3, 4].map(() => new LosingViewer(run.id, pick))
      let losses = 0
      for (let change = 0; change < 30; change++) {
        await run.append(run.owner, random.between(1, 5))
        if (random.next() < 0.3) viewers[random.between(0, 3)]?.cut()
        const isLost = turn % 2 === 1 && random.next() < 0.15
        if (isLost) await run.lose(random.between(1, 6))
        if (isLost || random.next() < 0.15) await run.acquire()
        losses += isLost ? 1 : 0
        if (random.next() < 0.5) await new Promise((resolve) => setImmediate(resolve))
      }
      await run.end()
      await Promise.all(viewers.map(({ done }) => done))
      const { next = 0 } = (await run.read()) ?? {}
      const stored = await run.lines(next)
      for (const { lines, resets } of viewers) {
        expect(lines).toEqual(stored)
        if (losses === 0) expect(resets).toBe(0)
      }
    }
  } finally {
    for (const node of nodes) await node[Symbol.asyncDispose]()
  }
})

type Step =
  | { readonly kind: 'append'; readonly count: number }
  | { readonly kind: 'acquire' }
  | { readonly kind: 'lose'; readonly changes: number }
  /** One that was replaced, or has been taken from by a loss, writes on. */
  | { readonly kind: 'wake'; readonly back: number; readonly count: number }
  | { readonly kind: 'read'; readonly reader: number }

const count = fc.integer({ min: 1, max: 5 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('append' as const), count }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('acquire' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('lose' as const),
      changes: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wake' as const),
      back: fc.integer({ min: 1, max: 3 }),
      count,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('read' as const), reader: fc.nat(2) }) },
)

interface Reader {
  lines: readonly string[]
  epochs: readonly EpochStart[] | null
}

class World {
  readonly #run: LosingRun
  readonly #readers: readonly Reader[] = [
    { lines: [], epochs: null },
    { lines: [], epochs: null },
    { lines: [], epochs: null },
  ]

  constructor(run: LosingRun) {
    this.#run = run
  }

  async take(each: Step): Promise<void> {
    switch (each.kind) {
      case 'append':
        await this.#run.append(this.#run.owner, each.count)
        break
      case 'acquire':
        await this.#run.acquire()
        break
      case 'lose':
        await this.#run.lose(each.changes)
        break
      case 'wake':
        await this.#run.append(this.#run.owners.at(-1 - each.back) ?? this.#run.owner, each.count)
        break
      case 'read':
        await this.#read(this.#readers[each.reader])
        break
    }
    await this.#checkStored()
  }

  /** What is stored is what its last writer believes, to the last line. */
  async #checkStored(): Promise<void> {
    const { next = 0 } = (await this.#run.read()) ?? {}
    const stored = await this.#run.lines(next)
    const writer = this.#run.owners.find(({ epoch }) => stored.at(-1)?.endsWith(` of ${epoch}`))
    if (writer !== undefined) expectSame(stored, writer.lines.slice(0, next))
  }

  async #read(reader: Reader | undefined): Promise<void> {
    const run = await this.#run.read()
    if (run === undefined || reader === undefined) return
    const { lines, epochs } = reader
    const from = givenAnewFrom(run, { cursor: lines.length, epochs }) ?? lines.length
    const kept = lines.slice(0, from)
    // What is not stored yet is given again by its owner.
    const stored = await this.#run.lines(run.next)
    expectSame(kept.slice(0, run.next), stored.slice(0, kept.length))
    reader.lines = [...kept, ...stored.slice(kept.length)]
    reader.epochs = run.epochs
  }
}

/** But for rows which say that what was there is lost: these are told, and silence is the fault. */
function expectSame(lines: readonly string[], others: readonly string[]): void {
  const isTold = (text: string | undefined) => text?.startsWith('gap: ') === true
  const seen = lines.map((text, at) => (isTold(text) || isTold(others[at]) ? 'lost' : text))
  expect(seen).toEqual(others.map((text, at) => (seen[at] === 'lost' ? 'lost' : text)))
}
