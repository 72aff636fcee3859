/** Who wants to know which runs this process carries: of each run exactly one node is told. */
import type { Run, RunId } from '../../shared/run.ts'

export interface OwnRuns {
  /** From now on it is carried here: it was started here, or taken over. Returns at once. */
  began(run: Run): void
  /** It has ended here; one whose process had died perhaps without having begun here. */
  ended(run: Run): void
  /** Another node has taken it. */
  taken(id: RunId): void
}
