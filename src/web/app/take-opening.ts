/** Takes what the server has put into the HTML of a run's page: who we are, the run and its last lines. */
import { asFields, asLinesPage, asRun } from '../../client/event-parser.ts'
import { type Opening, openingId } from '../../shared/protocol/opening.ts'
import type { SessionInfo } from '../../shared/protocol/session.ts'

/** Null when there is none, or none that can be read: then all is asked for. */
export function takeOpening(): Opening | null {
  const element = document.getElementById(openingId)
  if (element === null) return null
  // It is true of this moment only.
  element.remove()
  try {
    const { session, run, page } = asFields(JSON.parse(element.textContent ?? ''))
    // Our own server wrote it by the same type.
    return { session: session as SessionInfo, run: asRun(run), page: asLinesPage(page) }
  } catch {
    return null
  }
}
