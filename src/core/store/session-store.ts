/** Port: logins of browsers and API tokens. Holds digests, never the secrets themselves. */
export interface SessionStore {
  /** Stores or replaces the session of this digest. */
  put(session: Session): Promise<void>
  get(digest: string): Promise<Session | undefined>
  /** Resolves with whether it was there: of all who remove it at once, one hears true. */
  remove(digest: string): Promise<boolean>
  /** Removes every session whose `expiresAt` or `idleUntil` lies before `now`. */
  prune(now: number): Promise<void>
}

export interface Session {
  /** SHA-256 of the session id, hex; of what is no session of a browser with a word before it. */
  readonly digest: string
  readonly createdAt: number
  /** Absolute end and end when not used, milliseconds since 1970. */
  readonly expiresAt: number
  readonly idleUntil: number
}
