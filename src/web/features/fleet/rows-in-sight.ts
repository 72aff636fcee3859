/** The rows of a long list that have to be in the page. Pure. */

export interface Rows {
  readonly first: number
  /** The one after the last. */
  readonly end: number
}

export interface Sight {
  /** Pixels of the list that are scrolled away above. */
  readonly top: number
  readonly height: number
  readonly count: number
  readonly rowPx: number
}

/** So many beyond each edge, that a step of the wheel or of Tab finds the next one there. */
const beyond = 8

export function rowsInSight({ top, height, count, rowPx }: Sight): Rows {
  const last = Math.min(count, Math.ceil((top + height) / rowPx) + beyond)
  const end = Math.max(0, last)
  return { first: Math.min(end, Math.max(0, Math.floor(top / rowPx) - beyond)), end }
}
