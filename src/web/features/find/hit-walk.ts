/** The next or the previous hit of a search from a position on, as soon as it is known. */
import { effect } from '@preact/signals'
import type { MatchedLines } from '../viewer/matched-lines.ts'

/** Null when there is none that way. Resolves once the search has come there; rejects when the signal aborts. */
export function nextHit(
  hits: MatchedLines,
  { pos, step }: { readonly pos: number; readonly step: 1 | -1 },
  signal: AbortSignal,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    let stop = (): void => {}
    const done = (): void => {
      stop()
      signal.removeEventListener('abort', leave)
    }
    const leave = (): void => {
      done()
      reject(signal.reason)
    }
    signal.addEventListener('abort', leave, { once: true })
    let isDone = false
    stop = effect(() => {
      void [hits.version.value, hits.fetched.value]
      const found = findHit(hits, pos, step)
      if (found === 'unknown' && canStillCome(hits)) return
      isDone = true
      resolve(found === 'unknown' ? null : found)
    })
    // It may have been known at once.
    if (isDone) done()
  })
}

function canStillCome(hits: MatchedLines): boolean {
  const { isSearching, stopped, failed } = hits.progress.value
  return (isSearching && stopped === null && failed === null) || hits.count > 0
}

function findHit(hits: MatchedLines, pos: number, step: 1 | -1): number | null | 'unknown' {
  const { isSearching } = hits.progress.value
  if (hits.count === 0) return isSearching ? 'unknown' : null
  const index = step > 0 ? hits.indexOf(pos + 1) : hits.indexBefore(pos)
  if (index === null) return isSearching || hits.isAsking ? 'unknown' : null
  const line = hits.at(index)
  if (line === undefined) {
    hits.look({ first: index, end: index + 1, direction: step })
    return 'unknown'
  }
  // Beyond the last one its index is that of the last one.
  if (step > 0 ? line.pos > pos : line.pos < pos) return line.pos
  return isSearching && step < 0 ? 'unknown' : null
}
