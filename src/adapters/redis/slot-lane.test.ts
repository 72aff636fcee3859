import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { until } from '../../../test/support/until.ts'
import type { ServerAddress } from './redis-address.ts'
import { type Outcome, SlotLane } from './slot-lane.ts'

/** A lane whose commands are sent to nobody: a test says what becomes of each. */
class Bench {
  /** In the order in which they were sent: name and where to, if not to the owner. */
  readonly sent: string[] = []
  readonly answers: string[] = []
  isEmpty = false
  readonly #open = new Map<string, (outcome: Outcome) => void>()
  readonly lane = new SlotLane({
    transmit: ({ words }, to) => {
      const [name] = words
      this.sent.push(to === undefined ? name : `${name} to ${to.host}`)
      return new Promise((resolve) => this.#open.set(name, resolve))
    },
    onEmpty: () => {
      this.isEmpty = true
    },
    tooLate: () => 'too late',
  })

  push(name: string, deadlineMs = performance.now() + 60_000): void {
    const settle = (text: string) => (value: unknown) => this.answers.push(`${text}: ${value}`)
    this.lane.push({ words: [name], deadlineMs, resolve: settle(name), reject: settle(name) })
  }

  /** Resolves when the lane has heard of it. */
  async comes(name: string, outcome: Outcome): Promise<void> {
    this.#open.get(name)?.(outcome)
    await nextTurn()
  }
}

const elsewhere: ServerAddress = { host: 'other', port: 1 }

describe('commands of a slot', () => {
  test('that are sent elsewhere keep their order, whichever comes back first', async () => {
    const bench = new Bench()
    for (const name of ['a', 'b', 'c']) bench.push(name)
    expect(bench.sent.splice(0)).toEqual(['a', 'b', 'c'])
    for (const name of ['c', 'a']) await bench.comes(name, { kind: 'moved', to: elsewhere })
    bench.push('d')
    expect(bench.sent).toEqual([])
    await bench.comes('b', { kind: 'returned' })
    await until('all are sent again', () => bench.sent.length === 4)
    expect(bench.sent).toEqual(['a', 'b', 'c', 'd'])
    for (const name of ['a', 'b', 'c', 'd']) await bench.comes(name, { kind: 'answer', value: 1 })
    await until('nothing is left', () => bench.isEmpty)
    expect(bench.answers).toEqual(['a: 1', 'b: 1', 'c: 1', 'd: 1'])
  })

  test('ask a server that takes the slot over once, and then the owner again', async () => {
    const bench = new Bench()
    bench.push('a')
    bench.push('b')
    await bench.comes('b', { kind: 'answer', value: 1 })
    await bench.comes('a', { kind: 'ask', to: elsewhere })
    await until('it is sent again', () => bench.sent.length === 3)
    await bench.comes('a', { kind: 'again' })
    await until('it is sent once more', () => bench.sent.length === 4)
    expect(bench.sent).toEqual(['a', 'b', 'a to other', 'a'])
  })

  test('that nobody takes are given up in time, and one that fails holds up no other', async () => {
    const bench = new Bench()
    bench.push('a', performance.now())
    bench.push('b')
    await bench.comes('b', { kind: 'failed', reason: 'no right' })
    await bench.comes('a', { kind: 'again' })
    await until('nothing is left', () => bench.isEmpty)
    expect(bench.answers).toEqual(['b: no right', 'a: too late'])
    bench.push('c')
    expect(bench.sent).toEqual(['a', 'b', 'c'])
  })
})
