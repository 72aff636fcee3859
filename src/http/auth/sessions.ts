/** Logins of browsers: a random id in a cookie, its digest in the store, two ways to end. */
import type { Clock } from '../../core/clock.ts'
import type { Session, SessionStore } from '../../core/store/session-store.ts'
import { limits } from '../../shared/limits.ts'
import { digestOf, newToken } from './tokens.ts'

/** A session is written again only when its idle time has moved by this much. */
const touchMs = 5 * 60_000

export class Sessions {
  readonly #store: SessionStore
  readonly #clock: Clock

  constructor(store: SessionStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** A new session; resolves with its id once it is stored. */
  async open(): Promise<string> {
    const id = newToken()
    const now = this.#clock.now()
    await this.#store.prune(now)
    await this.#store.put({
      digest: digestOf(id),
      createdAt: now,
      expiresAt: now + limits.sessionAgeMs,
      idleUntil: now + limits.sessionIdleMs,
    })
    return id
  }

  /** True while the session of this digest lasts; being asked counts as use. */
  async isOpen(digest: string): Promise<boolean> {
    const session = await this.#store.get(digest)
    const now = this.#clock.now()
    if (session === undefined || now >= session.expiresAt || now >= session.idleUntil) return false
    await this.#touch(session, now)
    return true
  }

  /** Another node on the same store has this API token, and is there. */
  async hasToken(token: string): Promise<boolean> {
    const known = await this.#store.get(apiTokenDigest(digestOf(token)))
    return known !== undefined && this.#clock.now() < known.expiresAt
  }

  async close(digest: string): Promise<void> {
    await this.#store.remove(digest)
  }

  async #touch(session: Session, now: number): Promise<void> {
    const idleUntil = Math.min(now + limits.sessionIdleMs, session.expiresAt)
    if (idleUntil - session.idleUntil >= touchMs) await this.#store.put({ ...session, idleUntil })
  }
}

/** Under which nodes tell each other of their API tokens; no session of a browser is found by it. */
export function apiTokenDigest(digest: string): string {
  return `token ${digest}`
}
