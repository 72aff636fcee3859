/** Links that sign a browser in: the token in the fragment works once and for ten minutes, at any node of the store. */
import type { Clock } from '../../core/clock.ts'
import type { SessionStore } from '../../core/store/session-store.ts'
import { limits } from '../../shared/limits.ts'
import { digestOf, newToken } from './tokens.ts'

export interface FirstStartParts {
  readonly store: SessionStore
  readonly clock: Clock
  /** Called for each link that has signed somebody in, and is good for nothing more. */
  readonly onUsed?: (() => void) | undefined
}

export class FirstStart {
  readonly #parts: FirstStartParts
  /** Of this process, oldest first. */
  #own: string[] = []

  constructor(parts: FirstStartParts) {
    this.#parts = parts
  }

  /** Resolves when it is good everywhere. */
  async newToken(): Promise<string> {
    const { store, clock } = this.#parts
    const token = newToken()
    const createdAt = clock.now()
    const end = createdAt + limits.firstStartTokenMs
    await store.put({ digest: linkDigest(token), createdAt, expiresAt: end, idleUntil: end })
    this.#own.push(linkDigest(token))
    while (this.#own.length > limits.firstStartLinksMax) {
      await store.remove(this.#own.shift() ?? '')
    }
    return token
  }

  /** True once for each token, in time, wherever it is asked. It is found by digest: its time tells nothing. */
  async use(token: string): Promise<boolean> {
    const { store, clock, onUsed } = this.#parts
    const link = await store.get(linkDigest(token))
    if (link === undefined) return false
    const isFirst = await store.remove(link.digest)
    if (!isFirst || clock.now() >= link.expiresAt) return false
    onUsed?.()
    return true
  }
}

/** No session of a browser is found by it. */
function linkDigest(token: string): string {
  return `link ${digestOf(token)}`
}
