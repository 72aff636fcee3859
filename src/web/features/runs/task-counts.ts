/** How many tasks of a run are in which state, in words and tones; and which want to be seen first. */
import { type CountedState, countedState, countedStates } from '../../../shared/counted-state.ts'
import type { ListedRun } from '../../../shared/listed-run.ts'
import type { Run, Task } from '../../../shared/run.ts'
import type { Catalog } from '../../i18n/en.ts'
import { type Tone, taskTone } from './tones.ts'

/** Their number with the word for what they are. */
export function stateWords(word: CountedState, count: number, t: Catalog): string {
  if (word === 'succeeded') return t.succeededHosts(count)
  if (word === 'stopped') return t.stoppedHosts(count)
  if (word === 'failed') return t.failedHosts(count)
  return t.stateHosts(count, t.taskStates[word])
}

interface WordCount {
  readonly word: CountedState
  readonly count: number
}

export interface StateCount extends WordCount {
  readonly tone: Tone
}

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

export function countStates(run: Run): readonly StateCount[] {
  const found = new Map<CountedState, StateCount>()
  for (const task of run.tasks) {
    const word = countedState(task, run)
    const before = found.get(word)
    const tone = task.state === 'running' ? 'off' : taskTone(task, run)
    found.set(word, { word, tone, count: (before?.count ?? 0) + 1 })
  }
  return countedStates.flatMap((word) => found.get(word) ?? [])
}

/** The tasks with the urgent ones first; those in the same state as the run has them. */
export function byUrgency(run: Run): readonly Task[] {
  const sorted = new Map<CountedState, Task[]>(urgency.map((word) => [word, []]))
  for (const task of run.tasks) sorted.get(countedState(task, run))?.push(task)
  return [...sorted.values()].flat()
}

/** The same of a run without its tasks. */
export function listedCounts({ counts }: ListedRun): readonly WordCount[] {
  return countedStates.flatMap((word) => {
    const count = counts[word] ?? 0
    return count === 0 ? [] : [{ word, count }]
  })
}

/** As one text, what is over first: `34 ok · 2 failed · 12 running`. */
export function outcomeText(counts: readonly WordCount[], t: Catalog): string {
  const isOver = ({ word }: WordCount): boolean => over.has(word)
  return [...counts.filter(isOver), ...counts.filter((count) => !isOver(count))]
    .map(({ word, count }) => stateWords(word, count, t))
    .join(' · ')
}
