import { expect, test } from 'vitest'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { limits } from '../../shared/limits.ts'
import { taskSummary } from '../../shared/listed-run.ts'
import type { Run } from '../../shared/run.ts'
import { newTask } from '../runs/task-state.ts'
import { KeptSummaries } from './kept-summaries.ts'

const ended = { state: 'ended', outcome: 'succeeded' } as const
const over = sampleRun({
  ...ended,
  tasks: [{ ...newTask(0, 'web-1'), state: 'ended', exitCode: 0 }],
})

/** How often the tasks of the run are read when it is asked for three times. */
function readings(run: Run): number {
  const kept = new KeptSummaries<string>()
  let count = 0
  for (let asked = 0; asked < 3; asked++) {
    kept.of(run.id, run, () => {
      count += 1
      return taskSummary(run.tasks, run)
    })
  }
  return count
}

test('tasks are read once of a run that has ended, and each time of one that may change', () => {
  expect(readings(over)).toBe(1)
  expect(readings(sampleRun())).toBe(3)
  // An import that was given up, on its way out.
  expect(readings(sampleRun(ended))).toBe(3)
})

test('of more runs than are kept, those that were asked for last are', () => {
  const kept = new KeptSummaries<number>()
  const ask = (key: number) => void kept.of(key, over, () => taskSummary(over.tasks, over))
  for (let key = 0; key < limits.taskSummariesMax; key++) ask(key)
  ask(0)
  ask(limits.taskSummariesMax)
  expect([kept.has(0), kept.has(1), kept.has(2)]).toEqual([true, false, true])
})
