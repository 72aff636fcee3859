import { expect, test } from 'vitest'
import { sampleRun } from '../../../test/support/sample-run.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import type { SavedRunRequest } from '../../shared/protocol/start-run.ts'
import type { Run, Task } from '../../shared/run.ts'
import { rerunStart } from './rerun.ts'
import { newTask } from './task-state.ts'

const task = (id: number, exitCode: number | null, code: ErrorCode | null = null): Task => ({
  ...newTask(id, `web-${id}`),
  state: exitCode === null ? 'failed' : 'ended',
  exitCode,
  code,
})

const run = sampleRun({
  target: '@web',
  state: 'ended',
  mode: 'durable',
  tasks: [task(1, 0), task(2, 4), task(3, null, 'too-many-failures'), task(4, 143, 'timed-out')],
})

test('takes the target as it was written, those that have failed, or all that have not succeeded', async () => {
  expect(await targetOf('all')).toBe('@web')
  expect(await targetOf('failed')).toBe('web-[2,4]')
  expect(await targetOf('not-succeeded')).toBe('web-[2-4]')
  const running: Run = { ...run, state: 'running' }
  await expect(rerunStart(running, { hosts: 'failed' }, noCommands)).rejects.toThrow(/not ended/)
})

test('what is not said is as it was', async () => {
  const plan = { ...run.plan, fanout: 3, batch: 2, timeoutMs: 5_000 }
  const { request, rerunOf } = await rerunStart({ ...run, plan }, { fanout: 4 }, noCommands)
  expect(rerunOf).toBe(run.id)
  expect(request).toEqual({
    target: '@web',
    source: run.source,
    mode: 'durable',
    merged: false,
    fanout: 4,
    batch: '2',
    timeoutMs: 5_000,
    order: 'given',
  })
})

test('asks for the secrets of a saved command, which were not kept, and gives the rest again', async () => {
  const parameters = { name: 'api', token: null }
  const secret: Run = { ...run, saved: { name: 'deploy', version: 3, parameters } }
  await expect(rerunStart(secret, {}, noCommands)).rejects.toThrow(/"token" is secret/)
  const asked: SavedRunRequest[] = []
  const commands = {
    prepare: async (request: SavedRunRequest) => {
      asked.push(request)
      return { request: { target: '@web', source: run.source } }
    },
  }
  await rerunStart(secret, { parameters: { token: 't0p' } }, commands)
  expect(asked[0]).toMatchObject({
    target: '@web',
    saved: { name: 'deploy', version: 3, parameters: { name: 'api', token: 't0p' } },
  })
})

test('asks for secret variables of its command, unless it is another command', async () => {
  const secret: Run = { ...run, secretNames: ['API_TOKEN'] }
  await expect(rerunStart(secret, {}, noCommands)).rejects.toThrow(/"API_TOKEN" is secret/)
  const { request, secrets } = await rerunStart(
    secret,
    { secrets: { API_TOKEN: 't0p' } },
    noCommands,
  )
  expect(JSON.stringify(request)).not.toContain('t0p')
  expect(secrets?.get('API_TOKEN')?.reveal()).toBe('t0p')
  await rerunStart(secret, { source: { kind: 'command', command: 'true' } }, noCommands)
})

const noCommands = { prepare: () => Promise.reject(new Error('not asked')) }

async function targetOf(hosts: 'all' | 'failed' | 'not-succeeded'): Promise<string> {
  return (await rerunStart(run, { hosts }, noCommands)).request.target
}
