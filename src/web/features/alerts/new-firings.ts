/** Which firings were not there when this page looked before. Pure. */
import type { Alert, FiringNote } from '../../../shared/protocol/alerts.ts'

export interface NewFirings {
  /** Oldest first. */
  readonly fresh: readonly FiringNote[]
  readonly seen: ReadonlySet<string>
}

/** The first look shows nothing: what has fired before is history. */
export function newFirings(
  alerts: readonly Pick<Alert, 'desktop' | 'firings'>[],
  seen: ReadonlySet<string> | null,
): NewFirings {
  const all = alerts.filter(({ desktop }) => desktop).flatMap(({ firings }) => firings)
  const fresh = seen === null ? [] : all.filter(({ id }) => !seen.has(id))
  return {
    fresh: fresh.toSorted((a, b) => (a.time < b.time ? -1 : 1)),
    seen: new Set(all.map(({ id }) => id)),
  }
}
