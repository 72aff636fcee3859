import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type EpochStart, givenAnewFrom, withEpoch } from './epochs.ts'

describe('where a reader parts from a run', () => {
  const taken = [
    { epoch: 2, from: 10 },
    { epoch: 7, from: 40 },
  ]

  test('nowhere, when it has nothing of what a later owner gave, or knows that owner', () => {
    expect(givenAnewFrom({ epochs: taken }, { cursor: 40, epochs: taken.slice(0, 1) })).toBeNull()
    expect(givenAnewFrom({ epochs: taken }, { cursor: 99, epochs: taken })).toBeNull()
    expect(givenAnewFrom({ epochs: taken }, { cursor: 99, epochs: null })).toBeNull()
    expect(givenAnewFrom({ epochs: [] }, { cursor: 99, epochs: [] })).toBeNull()
  })

  test('where the first owner began of whom it does not know, however many came after', () => {
    expect(givenAnewFrom({ epochs: taken }, { cursor: 99, epochs: [] })).toBe(10)
    expect(givenAnewFrom({ epochs: taken }, { cursor: 99, epochs: taken.slice(0, 1) })).toBe(40)
  })

  test('where an owner began of whom the store has lost all knowledge', () => {
    const other = [
      { epoch: 2, from: 10 },
      { epoch: 5, from: 60 },
    ]
    expect(givenAnewFrom({ epochs: taken.slice(0, 1) }, { cursor: 99, epochs: taken })).toBe(40)
    expect(givenAnewFrom({ epochs: other }, { cursor: 99, epochs: taken })).toBe(40)
  })

  test('never too late, whatever is appended, lost, taken over and read', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 2, max: 6 }),
        (steps, max) => {
          const world = new World(max)
          for (const each of steps) world.take(each)
        },
      ),
      { numRuns: 500 },
    )
  })
})

type Step =
  | { readonly kind: 'append'; readonly count: number }
  | { readonly kind: 'acquire' }
  /** Back to an earlier state of the store. */
  | { readonly kind: 'lose'; readonly states: number }
  | { readonly kind: 'read'; readonly reader: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('acquire' as const) }),
  fc.record({ kind: fc.constant('lose' as const), states: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ kind: fc.constant('read' as const), reader: fc.nat(2) }),
)

interface State {
  readonly lines: readonly number[]
  readonly epochs: readonly EpochStart[]
}

/** A store that loses its newest states, and readers who come now and then. No line has the text of another. */
class World {
  readonly #max: number
  readonly #states: State[] = [{ lines: [], epochs: [] }]
  readonly #readers: { lines: readonly number[]; epochs: readonly EpochStart[] }[] = [
    { lines: [], epochs: [] },
    { lines: [], epochs: [] },
    { lines: [], epochs: [] },
  ]
  #fresh = 1

  constructor(max: number) {
    this.#max = max
  }

  take(each: Step): void {
    const { lines, epochs } = this.#now
    switch (each.kind) {
      case 'append': {
        const added = Array.from({ length: each.count }, () => this.#fresh++)
        this.#states.push({ lines: [...lines, ...added], epochs })
        return
      }
      case 'acquire': {
        const start = { epoch: ++this.#fresh, from: lines.length }
        this.#states.push({ lines, epochs: withEpoch(epochs, start, this.#max) })
        return
      }
      case 'lose':
        // Its owner is gone: who goes on with it takes it over.
        this.#states.length = Math.max(1, this.#states.length - each.states)
        return this.take({ kind: 'acquire' })
      case 'read':
        return this.#read(each.reader)
    }
  }

  get #now(): State {
    return this.#states.at(-1) ?? { lines: [], epochs: [] }
  }

  #read(which: number): void {
    const reader = this.#readers[which]
    if (reader === undefined) return
    const { lines, epochs } = this.#now
    const from = givenAnewFrom({ epochs }, { cursor: reader.lines.length, epochs: reader.epochs })
    const kept = reader.lines.slice(0, from ?? reader.lines.length)
    deepStrictEqual(kept, lines.slice(0, kept.length))
    reader.lines = lines
    reader.epochs = epochs
  }
}
