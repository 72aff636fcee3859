/** How many tasks of a run are in which state, in words and tones; and which want to be seen first. */
import type { Run, Task, TaskState } from '../../../shared/run.ts'
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

/** The state of a task, where an end is what it amounts to. */
export type CountedState = Exclude<TaskState, 'ended'> | 'succeeded' | 'stopped'

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

/** What went wrong, then what waits for somebody, then what goes on, then what is over. */
const urgency: readonly CountedState[] = [
  'failed',
  'lost',
  'needs-input',
  'reconnecting',
  'stopping',
  'running',
  'connecting',
  'queued',
  'stopped',
  'succeeded',
]

const over: ReadonlySet<CountedState> = new Set(['succeeded', 'stopped', 'failed', 'lost'])

/** A command that exited with another code than 0 counts as failed, as it does for the run. */
export function countedState(task: Task, run: Run): CountedState {
  if (task.state !== 'ended') return task.state
  if (isStopped(task, run)) return 'stopped'
  return task.exitCode === 0 ? 'succeeded' : 'failed'
}

export function countStates(run: Run): readonly StateCount[] {
  const found = new Map<CountedState, StateCount>()
  for (const task of run.tasks) {
    const word = countedState(task, run)
    const before = found.get(word)
    const tone = task.state === 'running' ? 'off' : taskTone(task, run)
    found.set(word, { word, tone, count: (before?.count ?? 0) + 1 })
  }
  return stateOrder.flatMap((word) => found.get(word) ?? [])
}

/** The tasks with the urgent ones first; those in the same state as the run has them. */
export function byUrgency(run: Run): readonly Task[] {
  const sorted = new Map<CountedState, Task[]>(urgency.map((word) => [word, []]))
  for (const task of run.tasks) sorted.get(countedState(task, run))?.push(task)
  return [...sorted.values()].flat()
}

/** As one text, what is over first: `34 ok · 2 failed · 12 running`. */
export function outcomeText(run: Run, t: Catalog): string {
  const isOver = ({ word }: StateCount): boolean => over.has(word)
  const counts = countStates(run)
  return [...counts.filter(isOver), ...counts.filter((count) => !isOver(count))]
    .map(({ word, count }) => stateWords(word, count, t))
    .join(' · ')
}
