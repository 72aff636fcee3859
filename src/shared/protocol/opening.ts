/** What the HTML of a run's page holds for who may read the run: its first lines need no request of their own. */
import type { Run } from '../run.ts'
import type { LinesPage } from './events.ts'
import type { SessionInfo } from './session.ts'

export interface Opening {
  readonly session: SessionInfo
  readonly run: Run
  /** The last lines of the run, up to its `next`. */
  readonly page: LinesPage
}

/** Id of the element that holds it, as JSON. */
export const openingId = 'opening'
