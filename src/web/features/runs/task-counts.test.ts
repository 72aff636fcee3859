import { expect, test } from 'vitest'
import { fakeRun, fakeTask } from '../../../../test/support/fake-data.ts'
import { listedRun } from '../../../shared/listed-run.ts'
import { en } from '../../i18n/en.ts'
import { failureGroups } from '../fleet/failure-groups.ts'
import { byUrgency, countStates, listedCounts, outcomeText } from './task-counts.ts'

const refused = (host: string) =>
  fakeTask(host, {
    state: 'failed',
    code: 'connection-refused',
    message: `The host ${host} refused the connection on port 22.`,
  })

const run = fakeRun('r', {
  tasks: [
    fakeTask('web-1', { state: 'ended', exitCode: 0 }),
    fakeTask('web-2'),
    refused('web-3'),
    fakeTask('web-4', { state: 'ended', exitCode: 2 }),
    fakeTask('web-5', { state: 'needs-input' }),
    refused('web-6'),
    fakeTask('web-7', { state: 'ended', exitCode: 0 }),
  ],
})

test('hosts on which something went wrong come first, then those that wait for somebody', () => {
  expect(byUrgency(run).map(({ host }) => host)).toEqual([
    'web-3',
    'web-4',
    'web-6',
    'web-5',
    'web-2',
    'web-1',
    'web-7',
  ])
})

test('what has become of a run is one line, success and failure beside each other', () => {
  const words = '2 ok · 3 failed · 1 running · 1 needs input'
  expect(outcomeText(countStates(run), en)).toBe(words)
  expect(outcomeText(listedCounts(listedRun(run)), en)).toBe(words)
})

test('a reason why hosts failed is given once, with every host that has it', () => {
  expect(failureGroups(run, en)).toEqual([
    { reason: 'The host … refused the connection on port 22.', hosts: ['web-3', 'web-6'] },
    { reason: 'exit 2', hosts: ['web-4'] },
  ])
})
