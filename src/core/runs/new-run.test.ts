import { expect, test } from 'vitest'
import type { RunRequest } from '../../shared/protocol/requests.ts'
import { checkRequest, newRun } from './new-run.ts'

const source = { kind: 'command', command: 'uptime' } as const

test('numbers its tasks in the order in which hosts have their turn', () => {
  const target = 'web-10,web-2,db-1'
  expect(hostsOf({ target, source })).toEqual(['web-10', 'web-2', 'db-1'])
  expect(hostsOf({ target, source, order: 'sorted' })).toEqual(['db-1', 'web-2', 'web-10'])
  expect(hostsOf({ target, source, order: 'shuffled' })).toEqual(['db-1', 'web-2', 'web-10'])
})

test('what is followed has no batches', () => {
  const followed: RunRequest = { target: 'a,b', source: { kind: 'files', paths: ['/a'] } }
  expect(() => checkRequest({ request: { ...followed, batch: '1' } })).toThrow(
    /no next batch would begin/,
  )
})

function hostsOf(request: RunRequest): string[] {
  let last = 1
  const random = () => {
    last -= 0.1
    return last
  }
  const hosts = request.target.split(',').map((host) => ({ host }))
  const run = newRun(request, hosts, { id: 'r1', now: 0, random })
  return run.tasks.toSorted((a, b) => a.id - b.id).map(({ host }) => host)
}
