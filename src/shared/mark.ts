/** Marks that people set on lines, for everybody who reads the run. */

export interface Mark {
  /** The line. */
  readonly pos: number
  /** When it was marked, ISO 8601 UTC. */
  readonly time: string
}

/** Sets a mark, or with null takes it back. */
export interface MarkChange {
  readonly pos: number
  readonly time: string | null
}
