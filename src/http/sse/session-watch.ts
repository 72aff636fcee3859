/** Ends the streams of logins that are over; an open stream keeps a login in use. */
import type { Clock } from '../../core/clock.ts'
import { limits } from '../../shared/limits.ts'
import type { Parts } from '../parts.ts'

/** Looks until the returned function is called. */
export function watchSessions({ auth, viewers }: Parts, clock: Clock): () => void {
  let cancel = clock.after(limits.sessionCheckMs, look)
  let over = false
  function look(): void {
    for (const digest of viewers.sessions()) {
      auth.sessions.isOpen(digest).then(
        (open) => {
          if (!open) viewers.cutSession(digest)
        },
        // The store is broken: streams notice that by themselves, and nobody gains rights by it.
        () => viewers.cutSession(digest),
      )
    }
    if (!over) cancel = clock.after(limits.sessionCheckMs, look)
  }
  return () => {
    over = true
    cancel()
  }
}
