/** The sessions on SQLite. */
import type { Session, SessionStore } from '../../core/store/session-store.ts'
import type { StoreThreads } from './store-threads.ts'

export class SqliteSessions implements SessionStore {
  readonly #threads: StoreThreads

  constructor(threads: StoreThreads) {
    this.#threads = threads
  }

  async put(session: Session): Promise<void> {
    await this.#threads.write<'put-session'>({ kind: 'put-session', session })
  }

  get(digest: string): Promise<Session | undefined> {
    return this.#threads.read<'get-session'>({ kind: 'get-session', digest })
  }

  remove(digest: string): Promise<boolean> {
    return this.#threads.write<'remove-session'>({ kind: 'remove-session', digest })
  }

  async prune(now: number): Promise<void> {
    await this.#threads.write<'prune-sessions'>({ kind: 'prune-sessions', now })
  }
}
