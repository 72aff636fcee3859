import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addMatch, type MatchState, noMatches, type Threshold } from './match-state.ts'

const threshold = fc.record({
  count: fc.integer({ min: 1, max: 5 }),
  withinMs: fc.integer({ min: 1, max: 50 }),
  cooldownMs: fc.integer({ min: 1, max: 60 }),
})
const times = fc.array(fc.nat(15), { maxLength: 80 }).map((gaps) => {
  let now = 1_000
  return gaps.map((gap) => (now += gap))
})

/** Times at which it fires, with the state after them; `kept` stores and reads the state between. */
function firingsOf(all: readonly number[], rule: Threshold, kept = (state: MatchState) => state) {
  let state = noMatches
  let told = 0
  const fired: number[] = []
  for (const time of all) {
    const step = addMatch(kept(state), rule, time)
    state = step.state
    if (step.fires === null) continue
    fired.push(time)
    told += step.fires.held
  }
  return { fired, held: told + state.held }
}

it('fires only when so many matches came within the time, and is silent after it as long as asked', () => {
  fc.assert(
    fc.property(times, threshold, (all, rule) => {
      const { fired } = firingsOf(all, rule)
      let before = -Infinity
      for (const time of fired) {
        expect(time - before).toBeGreaterThanOrEqual(rule.cooldownMs)
        const near = all.filter((each) => each <= time && time - each < rule.withinMs)
        expect(near.length).toBeGreaterThanOrEqual(rule.count)
        before = time
      }
    }),
  )
})

it('misses no moment at which it should fire', () => {
  fc.assert(
    fc.property(times, threshold, (all, rule) => {
      const { fired } = firingsOf(all, rule)
      // A window of the asked size that lies in no silence ends in a firing.
      let silentUntil = 0
      const wanted: number[] = []
      let open: number[] = []
      for (const time of all) {
        if (time < silentUntil) continue
        open = [...open, time].filter((each) => each > time - rule.withinMs)
        if (open.length < rule.count) continue
        wanted.push(time)
        silentUntil = time + rule.cooldownMs
        open = []
      }
      expect(fired).toEqual(wanted)
    }),
  )
})

it('decides the same after it was stored and read again at any moment, and counts what it held back', () => {
  fc.assert(
    fc.property(times, threshold, (all, rule) => {
      // The state is stored as JSON.
      const kept = (state: MatchState): MatchState => JSON.parse(JSON.stringify(state))
      const once = firingsOf(all, rule)
      expect(firingsOf(all, rule, kept)).toEqual(once)
      const silent = all.filter((time) =>
        once.fired.some((fired) => time > fired && time < fired + rule.cooldownMs),
      )
      expect(once.held).toBeGreaterThanOrEqual(silent.length)
    }),
  )
})
