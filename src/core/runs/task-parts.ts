/** What a task is carried with: the parts of its run, and where it stands. */
import type { Source, Task } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import type { RunFeed } from '../feed/run-feed.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { RunSecrets } from '../secrets/run-secrets.ts'
import type { RunChange } from '../store/log-store.ts'
import type { Questions } from './questions.ts'
import type { RunWriter } from './run-writer.ts'
import type { ConnectionParts } from './task-connection.ts'
import type { TaskStates } from './task-states.ts'

export interface TaskParts extends ConnectionParts {
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  readonly metrics: Metrics
  readonly writer: RunWriter
  readonly feed: RunFeed
  readonly states: TaskStates
  readonly questions: Questions
  readonly source: Source
  readonly merged: boolean
  readonly newNonce: () => string
  /** Variables of its command that anybody may see, by name. */
  readonly parameters: ReadonlyMap<string, string>
  /** What its command is given beside them, and what is hidden in its output. */
  readonly secrets?: RunSecrets
  /** The task is carried on from another process: what it had not started is not started now. */
  readonly isRecovered: boolean
  /** What tasks of an earlier process had kept with their lines. */
  readonly progress: ReadonlyMap<number, string>
  /** Tells the log of the process of faults of Farglass itself. */
  readonly say: (text: string) => void
  /** The task has changed. */
  readonly moved: () => void
  /** The run's own end, when this task is the last one to get there. */
  readonly closing: (task: Task) => RunChange | undefined
}
