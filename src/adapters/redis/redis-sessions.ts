/** The sessions on Redis. Which of them are over is decided by the caller's clock, as in every store. */
import type { Session, SessionStore } from '../../core/store/session-store.ts'
import type { RedisParts } from './redis-parts.ts'
import { maybeTextOf } from './replies.ts'
import { putSessionScript, removeSessionScript, removeSessionsScript } from './run-scripts.ts'

export class RedisSessions implements SessionStore {
  readonly #parts: Pick<RedisParts, 'connection' | 'keys'>

  constructor(parts: Pick<RedisParts, 'connection' | 'keys'>) {
    this.#parts = parts
  }

  async put(session: Session): Promise<void> {
    const end = Math.min(session.expiresAt, session.idleUntil)
    const args = [session.digest, JSON.stringify(session), String(end)]
    await this.#parts.connection.run(putSessionScript, this.#keys, args)
  }

  async get(digest: string): Promise<Session | undefined> {
    const { connection, keys } = this.#parts
    const text = maybeTextOf(await connection.send(['HGET', keys.sessions, digest]))
    // Written by this program: trusted.
    return text === undefined ? undefined : (JSON.parse(text) as Session)
  }

  async remove(digest: string): Promise<boolean> {
    const { connection } = this.#parts
    return Number(await connection.run(removeSessionScript, this.#keys, [digest])) > 0
  }

  async prune(now: number): Promise<void> {
    // A thousand at a time, so that Redis is not held up; the last of them may be one name too many.
    for (;;) {
      const removed = await this.#parts.connection.run(removeSessionsScript, this.#keys, [
        `${now}`,
        '',
      ])
      if (Number(removed) <= 1_000) return
    }
  }

  get #keys(): string[] {
    const { sessions, sessionEnds } = this.#parts.keys
    return [sessions, sessionEnds]
  }
}
