/** Random sequences of calls: a store must answer as the memory reference does. */
import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import type { RunCatalog } from '../../src/core/store/run-catalog.ts'
import { toAppError } from '../../src/shared/errors.ts'
import { type LineGroup, lineEnds } from '../../src/shared/line-group.ts'
import type { Run, RunId } from '../../src/shared/run.ts'
import { newRun, type TestedStore } from './store.conformance.ts'

/** Prints the seed when it fails; give it as FARGLASS_TEST_SEED to see the same again. */
export function testStoreAgainstModel(name: string, open: () => Promise<TestedStore>): void {
  const seed = Number(process.env['FARGLASS_TEST_SEED'] ?? Date.now() % 1_000_000_000)
  describe(`${name}: model`, () => {
    test(`answers any sequence of calls as the reference does (seed ${seed})`, async () => {
      await using store = await open()
      const report = await fc.check(
        fc.asyncProperty(fc.commands(allCommands(), { maxCommands: 40 }), async (commands) => {
          // New runs for each sequence; the list and the sessions go on.
          const runs = [newRun(), newRun()]
          await using reference = createMemoryStore()
          for (const run of runs) {
            await reference.catalog.create(run, 'me')
            await store.catalog.create(run, 'me')
          }
          await fc.asyncModelRun(
            () => ({ model: { reference, runs }, real: { store, runs } }),
            commands,
          )
          for (const run of runs) await compareAll(reference, store, run)
        }),
        { seed, numRuns: 60 },
      )
      expect(await fc.asyncDefaultReportMessage(report)).toBeUndefined()
    })
  })
}

interface Model {
  readonly reference: TestedStore
  readonly runs: readonly Run[]
}

interface Real {
  readonly store: TestedStore
  readonly runs: readonly Run[]
}

type Call = (store: TestedStore, run: Run) => Promise<unknown>

/** One call made on both, with the same arguments; the answers must be equal. */
class SameAnswer implements fc.AsyncCommand<Model, Real> {
  readonly #label: string
  readonly #at: number
  readonly #call: Call

  constructor(label: string, at: number, call: Call) {
    this.#label = label
    this.#at = at
    this.#call = call
  }

  check(): boolean {
    return true
  }

  async run(model: Model, real: Real): Promise<void> {
    const run = model.runs[this.#at]
    if (run === undefined) throw new Error('no such run')
    const expected = await answerOf(this.#call(model.reference, run))
    deepStrictEqual(await answerOf(this.#call(real.store, run)), expected, this.#label)
  }

  toString(): string {
    return `${this.#label} on run ${this.#at}`
  }
}

/** A refusal is an answer too. */
async function answerOf(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer
  } catch (thrown) {
    return { refused: toAppError(thrown).code }
  }
}

function allCommands(): fc.Arbitrary<SameAnswer>[] {
  const at = fc.nat(1)
  /** Positions relative to where the run is: mostly right. */
  const shift = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -6, max: 3 }))
  const old = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.constantFrom(-1, 1))
  const batches = fc.array(fc.tuple(shift, batch), { minLength: 1, maxLength: 5 })
  return [
    fc.tuple(at, batches, old).map(([run, all, epochShift]) => {
      return new SameAnswer(`append ${all.length}`, run, (store, one) => {
        return pipeline(store, one, { all, epochShift })
      })
    }),
    fc.tuple(at, fc.nat(40), fc.nat(200)).map(([run, from, bytesMax]) => {
      const label = `read ${from}, ${bytesMax}`
      return new SameAnswer(label, run, ({ log }, { id }) => log.read(id, from, bytesMax))
    }),
    fc.tuple(at, fc.nat(1), fc.nat(100), old).map(([run, task, outBytes, epochShift]) => {
      return new SameAnswer('save', run, async ({ catalog }, { id }) => {
        const now = await catalog.get(id)
        const tasks = (now?.tasks ?? []).filter((one) => one.id === task)
        const epoch = (now?.epoch ?? 0) + epochShift
        const progress = [{ task, value: `saved ${outBytes}` }]
        await catalog.save({
          run: id,
          epoch,
          tasks: tasks.map((one) => ({ ...one, outBytes })),
          progress,
        })
        return shownRun(catalog, id)
      })
    }),
    at.map((run) => new SameAnswer('get', run, ({ catalog }, { id }) => shownRun(catalog, id))),
    at.map((run) => new SameAnswer('bounds', run, ({ log }, { id }) => log.bounds(id))),
    at.map((run) => {
      // Not of a young one: what comes after it only meets an unknown run.
      return new SameAnswer('end and remove', run, async ({ catalog }, { id }) => {
        const now = await catalog.get(id)
        if (now === undefined || now.next < 12) return catalog.remove(id)
        const state = { state: 'ended', outcome: 'lost', endedAt: 'x' } as const
        await catalog.save({ run: id, epoch: now.epoch, tasks: [], state })
        return catalog.remove(id)
      })
    }),
    at.map((run) => new SameAnswer('drop', run, ({ log }, { id }) => log.drop(id))),
    at.map(
      (run) =>
        new SameAnswer('acquire', run, async ({ catalog }, { id }) =>
          acquired(catalog, id, (await catalog.get(id))?.epoch ?? 1),
        ),
    ),
  ]
}

const group: fc.Arbitrary<LineGroup> = fc
  .record({
    task: fc.nat(1),
    channel: fc.constantFrom('out', 'err', 'note'),
    time: fc.integer({ min: 1_000, max: 2_000 }),
    texts: fc.array(fc.stringMatching(/^[a-z]{0,9}$/), { minLength: 1, maxLength: 4 }),
    end: fc.constantFrom(...lineEnds),
    file: fc.option(fc.constantFrom('/a', '/b'), { nil: undefined }),
  })
  .map(({ texts, end, file, ...rest }) => {
    const head = { ...rest, ...(file !== undefined && { file }) }
    const text = texts.join('\n') + (end === 'newline' ? '\n' : '')
    return { ...head, end, count: texts.length, bytes: new TextEncoder().encode(text) } as LineGroup
  })

const batch = fc.array(group, { minLength: 1, maxLength: 3 })

/** Several appends in flight at once, each at the position after the one before, give or take. */
async function pipeline(
  store: TestedStore,
  run: Run,
  { all, epochShift }: { all: [number, LineGroup[]][]; epochShift: number },
): Promise<unknown> {
  const now = await store.catalog.get(run.id)
  let pos = now?.next ?? 0
  const answers = all.map(([shift, groups]) => {
    const epoch = (now?.epoch ?? 0) + epochShift
    const place = Math.max(0, pos + shift)
    pos = place + groups.reduce((sum, one) => sum + one.count, 0)
    const tasks = (now?.tasks ?? []).map((task) => ({ ...task, outBytes: pos }))
    const progress = groups.map(({ task }) => ({ task, value: `appended ${pos}` }))
    return store.log.append({ run: run.id, epoch, pos: place, groups, tasks, progress })
  })
  return Promise.all(answers)
}

async function compareAll(reference: TestedStore, store: TestedStore, run: Run): Promise<void> {
  const shown = await shownRun(reference.catalog, run.id)
  deepStrictEqual(await shownRun(store.catalog, run.id), shown)
  const expected = await reference.log.read(run.id, 0, 1_000_000)
  deepStrictEqual(await store.log.read(run.id, 0, 1_000_000), expected)
  const { epoch = 1 } = (await reference.catalog.get(run.id)) ?? {}
  const answer = await answerOf(acquired(reference.catalog, run.id, epoch))
  deepStrictEqual(await answerOf(acquired(store.catalog, run.id, epoch)), answer)
}

/** Only a store that may lose what it has confirmed notes where ownerships began. */
async function shownRun(catalog: RunCatalog, id: RunId): Promise<unknown> {
  const { epochs: _epochs, reset: _reset, ...shown } = (await catalog.get(id)) ?? {}
  return shown
}

async function acquired(catalog: RunCatalog, id: RunId, epoch: number): Promise<unknown> {
  const taken = await catalog.acquire(id, 'o', epoch)
  return [taken?.progress, taken?.run.epoch, await shownRun(catalog, id)]
}
