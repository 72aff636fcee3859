import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cronerTimes } from './croner-times.ts'

const at = (time: string) => Date.parse(time)
const iso = (times: readonly number[]) => times.map((time) => new Date(time).toISOString())

it('the last time up to a moment is the one that nothing follows before it', async () => {
  const expressions = ['* * * * *', '*/7 3 * * *', '0 0 1 * *', '30 2 * * 1-5', '*/20 * * * * *']
  for (const expression of expressions) {
    const pattern = await cronerTimes.parse(expression, 'Europe/Berlin')
    const moment = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2026-12-31T00:00:00Z') })
    fc.assert(
      fc.property(moment, fc.nat(5_000_000), (from, length) => {
        const until = from + length
        const last = pattern.last(from, until)
        const after = pattern.after(from, 1)[0] ?? Infinity
        if (last === null) expect(after).toBeGreaterThan(until)
        else {
          expect(last).toBeGreaterThan(from)
          expect(last).toBeLessThanOrEqual(until)
          expect(pattern.after(last, 1)[0]).toBeGreaterThan(until)
        }
      }),
      { numRuns: 60 },
    )
  }
})

it('goes by the clock of its time zone, also where that is put forward and back', async () => {
  const pattern = await cronerTimes.parse('30 6 * * *', 'Europe/Berlin')
  expect(iso(pattern.after(at('2026-03-28T00:00:00Z'), 2))).toEqual([
    '2026-03-28T05:30:00.000Z',
    '2026-03-29T04:30:00.000Z',
  ])
  expect(iso(pattern.after(at('2026-10-24T00:00:00Z'), 2))).toEqual([
    '2026-10-24T04:30:00.000Z',
    '2026-10-25T05:30:00.000Z',
  ])
})

it('says what is wrong with an expression or a time zone', async () => {
  await expect(cronerTimes.parse('every day', 'UTC')).rejects.toThrow('"every day" is no cron')
  await expect(cronerTimes.parse('61 * * * *', 'UTC')).rejects.toThrow('no cron expression')
  await expect(cronerTimes.parse('* * * * *', 'Mars/Olympus')).rejects.toThrow('no time zone')
})
