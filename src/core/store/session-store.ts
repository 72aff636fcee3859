/** Port: logins of browsers and API tokens. Holds digests, never the secrets themselves. */
export interface SessionStore {
  /** Stores or replaces the session of this digest. */
  put(session: Session): Promise<void>
  get(digest: string): Promise<Session | undefined>
  remove(digest: string): Promise<void>
  /** Removes every session whose `expiresAt` or `idleUntil` lies before `now`. */
  prune(now: number): Promise<void>
}

export interface Session {
  /** SHA-256 of the session id, hex. */
  readonly digest: string
  readonly createdAt: number
  /** Absolute end and end when not used, milliseconds since 1970. */
  readonly expiresAt: number
  readonly idleUntil: number
}
