/** Virtual time: one queue of everything that is going to happen, in an order that only the seed decides. */
import type { Clock } from '../../src/core/clock.ts'
import type { SeededRandom } from '../support/seeded-random.ts'

interface Happening {
  readonly due: number
  readonly number: number
  readonly action: () => void
}

/** Nothing here waits for real: after each happening all promises that it has settled run, then time jumps. */
export class SimulatedTime {
  readonly random: SeededRandom
  #now = 0
  #count = 0
  /** A binary heap, the earliest first; of two at the same time the one that was planned first. */
  readonly #heap: Happening[] = []

  constructor(random: SeededRandom) {
    this.random = random
  }

  /** Milliseconds since the simulation began. */
  get now(): number {
    return this.#now
  }

  /** A time between both, not a whole number, so that two things hardly ever fall together. */
  between(leastMs: number, mostMs: number): number {
    return leastMs + this.random.next() * (mostMs - leastMs)
  }

  chance(probability: number): boolean {
    return this.random.next() < probability
  }

  after(ms: number, action: () => void): () => void {
    let isOn = true
    this.#push({
      due: this.#now + Math.max(0, ms),
      number: this.#count++,
      action: () => {
        if (isOn) action()
      },
    })
    return () => {
      isOn = false
    }
  }

  /** Makes the next thing happen. False when nothing is left. */
  async step(): Promise<boolean> {
    const next = this.#pop()
    if (next === undefined) return false
    this.#now = next.due
    next.action()
    await settled()
    return true
  }

  #push(happening: Happening): void {
    const heap = this.#heap
    let at = heap.push(happening) - 1
    for (let up = (at - 1) >> 1; at > 0 && isBefore(heap[at], heap[up]); up = (at - 1) >> 1) {
      swap(heap, at, up)
      at = up
    }
  }

  #pop(): Happening | undefined {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (last === undefined || first === undefined || heap.length === 0) return first
    heap[0] = last
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      const least = isBefore(heap[left + 1], heap[left]) ? left + 1 : left
      if (!isBefore(heap[least], heap[at])) return first
      swap(heap, at, least)
      at = least
    }
  }
}

/** Everything that promises have to say has been said when the event loop comes round again. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function isBefore(one: Happening | undefined, other: Happening | undefined): boolean {
  if (one === undefined || other === undefined) return false
  return one.due < other.due || (one.due === other.due && one.number < other.number)
}

function swap(heap: Happening[], one: number, other: number): void {
  const [first, second] = [heap[one], heap[other]]
  if (first === undefined || second === undefined) return
  heap[one] = second
  heap[other] = first
}

/** 2026-01-01, what the wall clocks show at the beginning. */
const startOfTime = 1_767_225_600_000

/** A process of the simulation: what it waits for happens to it only while it lives and is not frozen. */
export class SimulatedProcess {
  readonly name: string
  readonly #time: SimulatedTime
  #state: 'alive' | 'frozen' | 'dead' = 'alive'
  #missed: (() => void)[] = []
  /** Wall clocks are wrong, and jump. */
  wallSkewMs = 0

  constructor(name: string, time: SimulatedTime) {
    this.name = name
    this.#time = time
  }

  get isAlive(): boolean {
    return this.#state === 'alive'
  }

  get isDead(): boolean {
    return this.#state === 'dead'
  }

  after(ms: number, action: () => void): () => void {
    return this.#time.after(ms, () => this.happen(action))
  }

  happen(action: () => void): void {
    if (this.#state === 'alive') action()
    else if (this.#state === 'frozen') this.#missed.push(action)
  }

  kill(): void {
    this.#state = 'dead'
    this.#missed = []
  }

  freeze(): void {
    if (this.#state === 'alive') this.#state = 'frozen'
  }

  thaw(): void {
    if (this.#state !== 'frozen') return
    this.#state = 'alive'
    for (const action of this.#missed.splice(0)) this.#time.after(0, () => this.happen(action))
  }

  get clock(): Clock {
    const after = (ms: number, action: () => void) => this.after(ms, action)
    return {
      now: () => Math.round(startOfTime + this.#time.now + this.wallSkewMs),
      elapsed: () => this.#time.now,
      after,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted === true) return resolve()
          const done = () => {
            cancel()
            signal?.removeEventListener('abort', done)
            resolve()
          }
          const cancel = after(ms, done)
          signal?.addEventListener('abort', done)
        }),
    }
  }
}
