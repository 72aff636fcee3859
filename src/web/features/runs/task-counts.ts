/** How many tasks of a run are in which state, in words and tones. */
import type { Run, TaskState } from '../../../shared/run.ts'
import type { Catalog } from '../../i18n/en.ts'
import { isStopped, type Tone, taskTone } from './tones.ts'

/** Their number with the word for what they are. */
export function stateWords(word: CountedState, count: number, t: Catalog): string {
  if (word === 'succeeded') return t.succeededHosts(count)
  if (word === 'stopped') return t.stoppedHosts(count)
  if (word === 'failed') return t.failedHosts(count)
  return t.stateHosts(count, t.taskStates[word])
}

export interface StateCount {
  readonly word: CountedState
  readonly tone: Tone
  readonly count: number
}

type CountedState = TaskState | 'succeeded' | 'stopped'

const stateOrder: readonly CountedState[] = [
  'running',
  'needs-input',
  'reconnecting',
  'connecting',
  'queued',
  'stopping',
  'succeeded',
  'stopped',
  'failed',
  'lost',
]

/** A command that exited with another code than 0 counts as failed, as it does for the run. */
export function countStates(run: Run): readonly StateCount[] {
  const found = new Map<CountedState, StateCount>()
  for (const task of run.tasks) {
    const exited = task.exitCode === 0 ? 'succeeded' : 'failed'
    const ended = isStopped(task, run) ? 'stopped' : exited
    const word = task.state === 'ended' ? ended : task.state
    const before = found.get(word)
    const tone = task.state === 'running' ? 'off' : taskTone(task, run)
    found.set(word, { word, tone, count: (before?.count ?? 0) + 1 })
  }
  return stateOrder.flatMap((word) => found.get(word) ?? [])
}
