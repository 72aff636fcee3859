/** Marks that people set on lines, for everybody who reads the run. */

export interface Mark {
  /** The line. */
  readonly pos: number
  /** When it was marked, ISO 8601 UTC. */
  readonly time: string
  /** What who marked it calls themselves, when they said so. */
  readonly by?: string
}

/** What somebody wants of a line. */
export interface MarkWish {
  readonly pos: number
  readonly isMarked: boolean
  readonly by: string | null
}

/** Sets a mark, or with null takes it back. */
export interface MarkChange {
  readonly pos: number
  readonly time: string | null
  readonly by?: string
}
