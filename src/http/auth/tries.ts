/** Counts tries to sign in, so that guessing is slow: a few per minute and address. */
import type { Clock } from '../../core/clock.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'

const minuteMs = 60_000

export interface TriesOf {
  /** For the sentence that refuses: `requests to this trigger`. */
  readonly what: string
  /** In a minute. */
  readonly max: () => number
}

const logins: TriesOf = { what: 'tries to sign in', max: () => limits.loginTriesPerMinuteMax }

export class Tries {
  readonly #clock: Clock
  readonly #what: string
  readonly #max: () => number
  #minute = Number.NEGATIVE_INFINITY
  readonly #counts = new Map<string, number>()

  constructor(clock: Clock, { what, max }: TriesOf = logins) {
    this.#clock = clock
    this.#what = what
    this.#max = max
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
    if (full || count >= this.#max()) {
      throw new AppError('too-many-requests', `Too many ${this.#what} from this address.`)
    }
    this.#counts.set(address, count + 1)
  }

  /** A try that was right does not count. */
  giveBack(address: string): void {
    const count = this.#counts.get(address) ?? 0
    if (count > 0) this.#counts.set(address, count - 1)
  }
}
