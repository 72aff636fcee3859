import { expect, test } from 'vitest'
import type { HostEntry, KeptCheck } from '../../../shared/protocol/hosts.ts'
import { checkStateOf, hostsLike, labelsOf } from './host-filter.ts'

const host = (name: string, change: Partial<HostEntry> = {}): HostEntry => ({
  name,
  config: null,
  sources: [],
  destination: null,
  groups: [],
  tags: [],
  note: null,
  check: null,
  lastRun: null,
  ...change,
})
const hosts = [
  host('web-1', { groups: ['web'], tags: ['env:prod'] }),
  host('web-2', { groups: ['web'], destination: 'deploy@10.0.0.2' }),
  host('db-1', { groups: ['db'], tags: ['env:prod'], note: 'Replica of db-2' }),
]
const check: KeptCheck = {
  checkedAt: '2026-11-20T09:00:00.000Z',
  ok: true,
  reachable: true,
  keyKnown: true,
  signsIn: true,
  durable: true,
  shell: '/bin/sh',
  clockOffsetMs: 0,
  message: null,
  code: null,
}

test('hosts are found by name, destination and note, and by the groups and tags that they have', () => {
  const names = (text: string, label: string | null) =>
    hostsLike(hosts, { text, label }).map(({ name }) => name)
  expect(names('DB-', null)).toEqual(['db-1'])
  expect(names('deploy@', null)).toEqual(['web-2'])
  expect(names('replica', null)).toEqual(['db-1'])
  expect(names('', '@env:prod')).toEqual(['web-1', 'db-1'])
  expect(names('2', '@web')).toEqual(['web-2'])
  expect(labelsOf(hosts)).toEqual([
    { text: '@db', count: 1 },
    { text: '@web', count: 2 },
    { text: '@env:prod', count: 2 },
  ])
})

test.each([
  ['none', null],
  ['ready', check],
  ['plain', { ...check, durable: false }],
  ['unreachable', { ...check, ok: false, reachable: false }],
  ['key', { ...check, ok: false, keyKnown: false }],
  ['login', { ...check, ok: false, signsIn: false }],
  ['failed', { ...check, ok: false }],
] as const)('a check is told by what stands in the way first: %s', (state, found) => {
  expect(checkStateOf(found)).toBe(state)
})
