import { describe, expect, test } from 'vitest'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { newTask } from '../../core/runs/task-state.ts'
import { type ListedRun, listedRun } from '../../shared/listed-run.ts'
import type { TaskState } from '../../shared/run.ts'
import { hostsUsed } from './hosts-used.ts'

function run(id: string, states: Readonly<Record<string, TaskState>>): ListedRun {
  const tasks = Object.entries(states).map(([host, state], at) => ({ ...newTask(at, host), state }))
  return listedRun(sampleRun({ id, target: Object.keys(states).join(','), tasks }))
}

const shown = (runs: readonly ListedRun[], most = 12) =>
  hostsUsed(runs, most).map(({ task, run: { id } }) => `${task.host} ${task.state} ${id}`)

describe('the hosts of the sidebar', () => {
  test('stand in the order of their names, whatever ran last', () => {
    expect(shown([run('new', { 'web-10': 'running' }), run('old', { 'web-2': 'ended' })])).toEqual([
      'web-2 ended old',
      'web-10 running new',
    ])
  })

  test('are running while anything runs on them', () => {
    expect(shown([run('new', { a: 'failed' }), run('old', { a: 'running' })])).toEqual([
      'a running old',
    ])
    expect(shown([run('new', { a: 'failed' }), run('old', { a: 'ended' })])).toEqual([
      'a failed new',
    ])
  })

  test('are the latest ones, when there are many', () => {
    expect(shown([run('new', { b: 'ended' }), run('old', { a: 'ended' })], 1)).toEqual([
      'b ended new',
    ])
  })
})
