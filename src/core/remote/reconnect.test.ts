import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { afterFailure, connected, disconnected, notConnected, retryDelayMs } from './reconnect.ts'

describe('the way back to a host', () => {
  it('waits longer after each failed try, between half and all of a wait that is bounded', () => {
    let state = connected(notConnected, 0)
    const longest: number[] = []
    for (let now = 60_000; longest.length < 9; now += 1_000) {
      state = disconnected(state, now)
      expect(retryDelayMs(state, 0)).toBe(retryDelayMs(state, 1) / 2)
      longest.push(retryDelayMs(state, 1))
    }
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  })

  it('begins anew after a connection that was good, not after one that broke at once', () => {
    const tired = { tries: 5, lostAt: 100, madeAt: null }
    expect(disconnected(connected(tired, 1_000), 1_200).tries).toBe(6)
    expect(disconnected(connected(tired, 1_000), 60_000).tries).toBe(1)
  })

  it('remembers since when the host is away, over all tries', () => {
    const first = disconnected(connected(notConnected, 0), 7_000)
    expect(disconnected(first, 9_000).lostAt).toBe(7_000)
    expect(connected(first, 10_000).lostAt).toBeNull()
  })

  it('never waits shorter or longer than its limits say', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100_000), { maxLength: 80 }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        (gaps, random) => {
          let now = 0
          let state = connected(notConnected, now)
          for (const gap of gaps) {
            now += gap
            state = disconnected(state, now)
            expect(retryDelayMs(state, random)).toBeGreaterThanOrEqual(limits.hostRetryMsMin / 2)
            expect(retryDelayMs(state, random)).toBeLessThanOrEqual(limits.hostRetryMsMax)
            if (gap % 2 === 0) state = connected(state, now)
          }
        },
      ),
    )
  })

  it('stops hard at a changed host key, asks for what a person can put right, and tries on otherwise', () => {
    const after = (code: ConstructorParameters<typeof AppError>[0]) =>
      afterFailure(new AppError(code, 'It failed.'))
    expect(after('host-key-changed')).toBe('give-up')
    expect(after('key-refused')).toBe('refused')
    expect(after('password-refused')).toBe('refused')
    expect(after('connection-refused')).toBe('retry')
    expect(after('name-not-resolved')).toBe('retry')
    expect(after('connection-timeout')).toBe('retry')
  })
})
