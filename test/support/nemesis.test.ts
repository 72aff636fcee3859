import { describe, expect, it } from 'vitest'
import { planFaults, runFaults } from './nemesis.ts'
import { seededRandom } from './seeded-random.ts'

describe('the plan of faults', () => {
  const kind = { act: () => Promise.resolve(), msMin: 10, msMax: 20 }
  const kinds = { cut: kind, 'black hole': kind }
  const wanted = { startMs: 100, endMs: 900, count: 50 }

  it('is the same for the same seed, and another for another', () => {
    const plan = (seed: number) => planFaults(seededRandom(seed), kinds, wanted)
    expect(plan(7)).toEqual(plan(7))
    expect(plan(7)).not.toEqual(plan(8))
  })

  it('holds faults of every kind in the order of their moments, within the time', () => {
    const plan = planFaults(seededRandom(7), kinds, wanted)
    expect(plan.map(({ atMs }) => atMs)).toEqual(
      plan.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
    )
    expect(new Set(plan.map((fault) => fault.kind))).toEqual(new Set(['cut', 'black hole']))
    expect(
      plan.every(({ atMs, forMs }) => atMs >= 100 && atMs <= 900 && forMs >= 10 && forMs <= 20),
    ).toBe(true)
  })

  it('is done in its order, one fault after the other, and given up with the trial', async () => {
    const trial = new AbortController()
    let under = 0
    const act = async () => {
      under += 1
      expect(under).toBe(1)
      await Promise.resolve()
      under -= 1
      if (done++ === 2) trial.abort()
    }
    let done = 0
    const quick = { act, msMin: 0, msMax: 0 }
    const plan = planFaults(seededRandom(1), { quick }, { startMs: 0, endMs: 5, count: 10 })
    expect(await runFaults(plan, { quick }, trial.signal)).toEqual(plan.slice(0, 3))
  })
})

describe('random numbers by a seed', () => {
  it('are spread over their whole range, the same for the same seed', () => {
    const random = seededRandom(42)
    const all = Array.from({ length: 10_000 }, () => random.between(0, 9))
    for (let digit = 0; digit < 10; digit++) {
      expect(all.filter((one) => one === digit).length).toBeGreaterThan(800)
    }
    const again = seededRandom(42)
    expect(Array.from({ length: 10_000 }, () => again.between(0, 9))).toEqual(all)
    expect(seededRandom(43).next()).not.toBe(seededRandom(42).next())
  })
})
