/** The sessions of the memory store. */
import type { MemoryRuns } from './memory-runs.ts'
import type { Session, SessionStore } from './session-store.ts'

export class MemorySessions implements SessionStore {
  readonly #store: Pick<MemoryRuns, 'requireOpen'>
  readonly #sessions = new Map<string, Session>()

  constructor(store: Pick<MemoryRuns, 'requireOpen'>) {
    this.#store = store
  }

  async put(session: Session): Promise<void> {
    this.#store.requireOpen()
    this.#sessions.set(session.digest, session)
  }

  async get(digest: string): Promise<Session | undefined> {
    this.#store.requireOpen()
    return this.#sessions.get(digest)
  }

  async remove(digest: string): Promise<boolean> {
    this.#store.requireOpen()
    return this.#sessions.delete(digest)
  }

  async prune(now: number): Promise<void> {
    this.#store.requireOpen()
    for (const session of this.#sessions.values()) {
      if (session.expiresAt < now || session.idleUntil < now) this.#sessions.delete(session.digest)
    }
  }
}
