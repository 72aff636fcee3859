/** Port: the keys of the box that seals, in the one place that all processes of this machine read. */

/** By names, which say nothing about the keys. */
export interface SecretKeys {
  /** Rejects with `secret-key` for a place that may not be used. */
  read(): Promise<KeyNames>
  /** Adds a key that opens, and does not seal yet; one that is there already stays. */
  prepare(): Promise<KeyNames>
  /**
   * Seals with the prepared key, or with a new one, from now on; the one before opens still. While
   * one of an earlier turn opens still, that turn is not over, and nothing changes.
   */
  turn(): Promise<KeyNames>
  /** From now on these open nothing any more. */
  forget(names: readonly string[]): Promise<KeyNames>
}

export interface KeyNames {
  /** Where they are. */
  readonly file: string
  /** The one that seals; null before anything was sealed. */
  readonly current: string | null
  /** The one that will seal after the next turn. */
  readonly next: string | null
  /** Those that only open. */
  readonly old: readonly string[]
}
