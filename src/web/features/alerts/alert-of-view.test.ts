import { expect, test } from 'vitest'
import { sampleRun } from '../../../../test/support/sample-run.ts'
import { type FilterRule, noView, type ViewState, withFilter } from '../runs/view-state.ts'
import { alertPathOf, draftOfQuery } from './alert-of-view.ts'

const run = sampleRun()

function draftOf(state: ViewState) {
  const path = alertPathOf(state, run)
  return path === null ? null : draftOfQuery(new URL(path, 'http://x').searchParams)
}

const term = {
  text: 'pool (full|gone)',
  isRegex: true,
  caseRule: 'smart',
  isInverse: false,
} as const

test('filters and search of a run begin an alert on the same lines of the same command', () => {
  const rules: readonly FilterRule[] = [
    { kind: 'text', term },
    { kind: 'channels', channels: ['err'] },
    { kind: 'levels', levels: ['error', 'warn'] },
  ]
  const same = { channel: 'err', levels: 'error, warn', target: run.target, command: 'seq' }
  expect(draftOf(rules.reduce(withFilter, noView))).toMatchObject({
    text: 'pool (full|gone)',
    isRegex: true,
    ...same,
  })
  const found = draftOf({ ...noView, search: { ...term, text: 'timeout', isRegex: false } })
  expect(found).toMatchObject({ text: 'timeout', isRegex: false, channel: '' })
})

test('what leaves all lines, or only those without a text, begins none', () => {
  const inverse: FilterRule = { kind: 'text', term: { ...term, isInverse: true } }
  const off = { ...noView, filters: [{ kind: 'text', term, isOn: false } as const] }
  expect([noView, withFilter(noView, inverse), off].map(draftOf)).toEqual([null, null, null])
})
