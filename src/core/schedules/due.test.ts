import fc from 'fast-check'
import { expect, it } from 'vitest'
import { automationLimits } from '../../shared/automation-limits.ts'
import type { CronPattern } from './cron-times.ts'
import { dueTimes } from './due.ts'

function every(ms: number): CronPattern {
  const first = (time: number) => (Math.floor(time / ms) + 1) * ms
  return {
    after: (time, count) => Array.from({ length: count }, (_, at) => first(time) + at * ms),
    last: (from, until) => {
      const time = Math.floor(until / ms) * ms
      return time > from ? time : null
    },
  }
}

it('each time is started for or told as missed, once, however late it is looked at', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: 100_000 }),
      fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 1, maxLength: 20 }),
      fc.constantFrom('skip' as const, 'run-once' as const),
      (ms, gaps, missed) => {
        const pattern = every(ms)
        let [now, settled, started, passed] = [0, 0, 0, 0]
        for (const gap of gaps) {
          now += gap
          const due = dueTimes(pattern, { settled, now, missed })
          if (due.start !== null) {
            expect(due.start).toBeGreaterThan(settled)
            if (missed === 'skip')
              expect(now - due.start).toBeLessThanOrEqual(automationLimits.scheduleLateMs)
            started += 1
          }
          passed += due.missed?.count ?? 0
          settled = due.settled
        }
        expect(started + passed).toBe(Math.floor(now / ms))
      },
    ),
  )
})

it('after a long silence one run makes up for all, if that is asked for, and none otherwise', () => {
  const pattern = every(60_000)
  const ask = { settled: 0, now: 600_000 + automationLimits.scheduleLateMs / 2 }
  expect(dueTimes(every(600_000), { ...ask, missed: 'skip' })).toEqual({
    start: 600_000,
    missed: null,
    settled: 600_000,
  })
  const late = { settled: 0, now: 3_600_000 * 5 + 120_000 }
  expect(dueTimes(every(3_600_000), { ...late, missed: 'skip' })).toMatchObject({
    start: null,
    missed: { count: 5 },
  })
  expect(dueTimes(every(3_600_000), { ...late, missed: 'run-once' })).toMatchObject({
    start: 3_600_000 * 5,
    missed: { count: 4 },
  })
  expect(dueTimes(pattern, { settled: 0, now: 30_000, missed: 'skip' }).start).toBeNull()
})
