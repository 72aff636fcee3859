import { expect, test } from 'vitest'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { countEnd, setRunFigures } from './run-figures.ts'
import { newTask } from './task-state.ts'

async function figuresOf(metrics: ReturnType<typeof createMetrics>) {
  const samples = (await metrics.read()).flatMap(({ name, samples }) =>
    samples.map(({ labels, value }) => [`${name} ${Object.values(labels).join()}`, value] as const),
  )
  return new Map(samples)
}

test('runs and tasks are counted by state, and a state that nobody is in is zero', async () => {
  const metrics = createMetrics()
  const id = `r${'a'.repeat(25)}`
  const tasks = [newTask(0, 'a'), { ...newTask(1, 'b'), state: 'reconnecting' as const }]
  const ended = { ...newTask(2, 'c'), state: 'ended' as const }
  const paused = 'The disk is full.'
  const run = sampleRun({ id, state: 'running', paused, tasks: [...tasks, ended] })
  setRunFigures(metrics, [{ feed: { run } }])
  const before = await figuresOf(metrics)
  expect(before.get('farglass_runs running')).toBe(1)
  expect(before.get('farglass_runs_paused ')).toBe(1)
  expect(before.get('farglass_tasks queued')).toBe(1)
  expect(before.get('farglass_tasks reconnecting')).toBe(1)
  expect(before.get('farglass_tasks running')).toBe(0)
  setRunFigures(metrics, [])
  const after = await figuresOf(metrics)
  expect(after.get('farglass_runs running')).toBe(0)
  expect(after.get('farglass_runs_paused ')).toBe(0)
})

test('a run that has ended is counted once, by outcome and by the state of each task', async () => {
  const metrics = createMetrics()
  const id = `r${'a'.repeat(25)}`
  const lost = { ...newTask(0, 'a'), state: 'lost' as const }
  countEnd(metrics, sampleRun({ id, state: 'ended', outcome: 'lost', tasks: [lost, lost] }))
  const figures = await figuresOf(metrics)
  expect(figures.get('farglass_runs_ended_total lost')).toBe(1)
  expect(figures.get('farglass_runs_ended_total succeeded')).toBe(0)
  expect(figures.get('farglass_tasks_ended_total lost')).toBe(2)
})
