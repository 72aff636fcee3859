/** Counts tries to sign in, so that guessing is slow: a few per minute and address. */
import type { Clock } from '../../core/clock.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'

const minuteMs = 60_000

export class Tries {
  readonly #clock: Clock
  #minute = Number.NEGATIVE_INFINITY
  readonly #counts = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Throws `too-many-requests` when the address has used up its tries of this minute. */
  take(address: string): void {
    const now = this.#clock.elapsed()
    if (now - this.#minute >= minuteMs) {
      this.#minute = now
      this.#counts.clear()
    }
    const count = this.#counts.get(address) ?? 0
    const full = count === 0 && this.#counts.size >= limits.loginAddressesMax
    if (full || count >= limits.loginTriesPerMinuteMax) {
      throw new AppError('too-many-requests', 'Too many tries to sign in from this address.')
    }
    this.#counts.set(address, count + 1)
  }

  /** A try that was right does not count. */
  giveBack(address: string): void {
    const count = this.#counts.get(address) ?? 0
    if (count > 0) this.#counts.set(address, count - 1)
  }
}
