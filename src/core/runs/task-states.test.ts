import { expect, test } from 'vitest'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { Task } from '../../shared/run.ts'
import type { CatalogChange } from '../store/run-catalog.ts'
import { newTask, nextTask } from './task-state.ts'
import { TaskStates } from './task-states.ts'

const queued = newTask(0, 'web-1')
const connecting = nextTask(queued, { kind: 'connecting' })
const running = nextTask(connecting, { kind: 'started', time: 't' })
const ended = nextTask(running, { kind: 'finished', time: 't' })

test('saves what no line has carried, as it is by then, and nothing twice', async () => {
  const { states, saved, pass } = newStates()
  let now = connecting
  states.changed(() => now)
  states.changed(() => now)
  now = { ...running, outBytes: 7 }
  await pass(limits.taskStateDelayMs)
  expect(saved).toEqual([now])
  states.changed(() => now)
  await pass(limits.taskStateDelayMs)
  states.carried([connecting])
  states.changed(() => connecting)
  await pass(limits.taskStateDelayMs)
  expect(saved).toEqual([now])
})

test('never saves the end of a task: it comes with its last row', async () => {
  const { states, saved, pass } = newStates()
  let now = running
  states.changed(() => now)
  now = ended
  await pass(limits.taskStateDelayMs)
  expect(saved).toEqual([])
})

test('offers again what was refused, later, and nothing after it was closed', async () => {
  const { states, saved, pass, refuse } = newStates()
  refuse(true)
  states.changed(() => running)
  await pass(limits.taskStateDelayMs)
  refuse(false)
  await pass(limits.taskStateDelayMs)
  expect(saved).toEqual([])
  await pass(limits.storeRetryMs)
  expect(saved).toEqual([running])
  states.changed(() => connecting)
  states.close()
  await pass(limits.storeRetryMs)
  expect(saved).toEqual([running])
})

function newStates() {
  const clock = manualClock()
  const saved: Task[] = []
  let isRefused = false
  const save = async ({ tasks }: CatalogChange) => {
    if (isRefused) throw new AppError('store-busy', 'Not now.')
    saved.push(...tasks)
  }
  return {
    states: new TaskStates(sampleRun({ tasks: [queued] }), { clock, catalog: { save } }),
    saved,
    refuse: (refused: boolean) => {
      isRefused = refused
    },
    pass: async (ms: number) => {
      clock.advance(ms)
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
