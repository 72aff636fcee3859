/** How far firings have been shown by this browser: from one tab to the next, and over a reload. */

const key = 'farglass-desktop-place'
/** A page that is loaded again is back within this; one that is opened later begins anew. */
const reloadMsMax = 60_000

/** Null for a place before the first answer: there is nothing to keep. */
export function keepPlace(cursor: number | null): void {
  if (cursor === null) return
  try {
    localStorage.setItem(key, `${String(cursor)} ${String(Date.now())}`)
  } catch {
    // Then the next tab begins with what fires from then on.
  }
}

/** Null without one, or when it has to be fresh and is not. */
export function keptPlace({ isFresh }: { readonly isFresh: boolean }): number | null {
  const kept = /^(\d{1,15}) (\d{1,15})$/.exec(read())
  if (kept === null) return null
  const isOld = Date.now() - Number(kept[2]) > reloadMsMax
  return isFresh && isOld ? null : Number(kept[1])
}

function read(): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}
