/** Links that sign a browser in: the token in the fragment works once and for ten minutes. */
import type { Clock } from '../../core/clock.ts'
import { limits } from '../../shared/limits.ts'
import { digestOf, newToken } from './tokens.ts'

export class FirstStart {
  readonly #clock: Clock
  /** Digest of the token and when it ends, on the steady clock. */
  readonly #open = new Map<string, number>()

  readonly #onUsed: () => void

  /** `onUsed` is called for each link that has signed somebody in, and is good for nothing more. */
  constructor(clock: Clock, onUsed: () => void = () => {}) {
    this.#clock = clock
    this.#onUsed = onUsed
  }

  newToken(): string {
    const token = newToken()
    this.#open.set(digestOf(token), this.#clock.elapsed() + limits.firstStartTokenMs)
    const [oldest] = this.#open.keys()
    if (this.#open.size > limits.firstStartLinksMax && oldest !== undefined)
      this.#open.delete(oldest)
    return token
  }

  /** True once for each token, in time. The map is asked by digest: its time tells nothing. */
  use(token: string): boolean {
    const digest = digestOf(token)
    const end = this.#open.get(digest)
    this.#open.delete(digest)
    if (end === undefined || this.#clock.elapsed() >= end) return false
    this.#onUsed()
    return true
  }
}
