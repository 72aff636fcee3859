/** What a task amounts to, in the words in which the tasks of a run are counted. */
import type { Run, Task } from './run.ts'

/** In the order in which they are told: what goes on, then what is over. */
export const countedStates = [
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
] as const

/** The state of a task, where an end is what it amounts to. */
export type CountedState = (typeof countedStates)[number]

/** What of a task says it. */
export type CountedTask = Pick<Task, 'state' | 'exitCode' | 'signal'>

/** What of its run does. */
export type CountedRun = Pick<Run, 'state' | 'outcome'>

/** A command that exited with another code than 0 counts as failed, as it does for the run. */
export function countedState(task: CountedTask, run: CountedRun): CountedState {
  if (task.state !== 'ended') return task.state
  if (isStopped(task, run)) return 'stopped'
  return task.exitCode === 0 ? 'succeeded' : 'failed'
}

/** Ended by a stop that a person asked for, which is no failure. What is followed has no exit code then. */
export function isStopped({ state, exitCode, signal }: CountedTask, run: CountedRun): boolean {
  const isAsked = run.outcome === 'stopped' || run.state === 'stopping'
  return isAsked && state === 'ended' && (signal !== null || exitCode === null)
}
