/** What `/metrics` says of runs and tasks: how many are in which state, and how they have ended. */
import { isFinal, type Run, type RunState, type TaskState } from '../../shared/run.ts'
import type { Metrics } from '../metrics/metrics.ts'

/** Sets the gauges from the runs that are carried now. */
export function setRunFigures(metrics: Metrics, carried: Iterable<CarriedRun>): void {
  const runCounts: RunCounts = { queued: 0, running: 0, stopping: 0 }
  const taskCounts: TaskCounts = {
    queued: 0,
    connecting: 0,
    'needs-input': 0,
    running: 0,
    reconnecting: 0,
    stopping: 0,
  }
  let paused = 0
  for (const { feed } of carried) {
    const { run } = feed
    if (run.state === 'ended') continue
    runCounts[run.state] += 1
    if (run.paused !== null) paused += 1
    for (const { state } of run.tasks) if (isOpen(state)) taskCounts[state] += 1
  }
  metrics.set('farglass_runs_paused', paused)
  for (const [state, count] of Object.entries(runCounts)) {
    metrics.set('farglass_runs', count, { state })
  }
  for (const [state, count] of Object.entries(taskCounts)) {
    metrics.set('farglass_tasks', count, { state })
  }
}

/** Counts a run that has ended, and its tasks. */
export function countEnd(metrics: Metrics, { outcome, tasks }: Run): void {
  metrics.add('farglass_runs_ended_total', 1, { outcome: outcome ?? 'lost' })
  for (const { state } of tasks) metrics.add('farglass_tasks_ended_total', 1, { state })
}

interface CarriedRun {
  readonly feed: { readonly run: Run }
}

type OpenTaskState = Exclude<TaskState, 'ended' | 'failed' | 'lost'>
type RunCounts = Record<Exclude<RunState, 'ended'>, number>
type TaskCounts = Record<OpenTaskState, number>

function isOpen(state: TaskState): state is OpenTaskState {
  return !isFinal(state)
}
