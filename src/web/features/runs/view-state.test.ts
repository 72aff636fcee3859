import { describe, expect, test } from 'vitest'
import type { TextTerm } from '../../../shared/text-term.ts'
import {
  type FilterRule,
  noView,
  parseView,
  printView,
  rulesOf,
  switchFilter,
  type ViewState,
  withFilter,
  withoutFilter,
} from './view-state.ts'

const text = (written: string): TextTerm => ({
  text: written,
  isRegex: false,
  caseRule: 'smart',
  isInverse: false,
})

const errors: FilterRule = { kind: 'channels', channels: ['err'] }
const healthz: FilterRule = { kind: 'text', term: { ...text('/healthz?a=b&c'), isInverse: true } }
const noWeb: FilterRule = { kind: 'hosts', hosts: ['web-1', 'web-2'], isInverse: true }
const minute: FilterRule = {
  kind: 'time',
  since: '2026-11-29T10:00:00.000Z',
  until: '2026-11-29T10:01:00.000Z',
}

describe('how a run is looked at, in the address', () => {
  test('nothing stands there for the view that every run opens with', () => {
    expect(printView(noView)).toBe('')
    expect(parseView('')).toEqual(noView)
  })

  test.each<[string, ViewState]>([
    ['a view', { ...noView, view: 'hosts' }],
    ['a search', { ...noView, search: text('gone & away #1') }],
    [
      'a search with all its switches',
      {
        ...noView,
        search: { text: '^a+', isRegex: true, caseRule: 'sensitive', isInverse: true },
      },
    ],
    [
      'filters of every kind, some of them off',
      {
        view: 'grouped',
        search: text('x'),
        filters: [
          { ...noWeb, isOn: true },
          { ...errors, isOn: false },
          { kind: 'levels', levels: ['error', 'none'], isOn: true },
          { ...minute, isOn: false },
          { ...healthz, isOn: false },
          { kind: 'text', term: { ...text('[0-9]'), isRegex: true }, isOn: true },
        ],
      },
    ],
    ['an open end of time', { ...noView, filters: [{ ...minute, until: null, isOn: true }] }],
  ])('%s is read as it was written', (_, state) => {
    expect(parseView(printView(state))).toEqual(state)
  })

  test('what cannot be read is left out, and the rest is shown', () => {
    const query = '?view=pie&channel=err,zzz&level=&since=soon&text=gone&q=a%0Ab&colour=red'
    const state = { view: 'merged', filters: [{ ...errors, isOn: true }], search: text('a b') }
    expect(parseView(query)).toEqual(state)
  })
})

describe('filters', () => {
  test('there is one of each kind, which is put in the place of the one before, and any number of texts', () => {
    let state = [errors, healthz, minute].reduce(withFilter, noView)
    state = withFilter(state, { kind: 'channels', channels: ['out'] })
    state = withFilter(state, { kind: 'text', term: text('b') })
    state = withFilter(state, healthz)
    expect(state.filters.map(({ kind }) => kind)).toEqual(['channels', 'time', 'text', 'text'])
    expect(state.filters[0]).toEqual({ kind: 'channels', channels: ['out'], isOn: true })
  })

  test('are switched off and on, and removed', () => {
    const both = [errors, healthz].reduce(withFilter, noView)
    const off = switchFilter(both, { ...errors, isOn: true })
    expect(rulesOf(off)).toEqual([{ ...healthz, isOn: true }])
    expect(switchFilter(off, { ...errors, isOn: false })).toEqual(both)
    expect(withoutFilter(off, { ...errors, isOn: false }).filters).toEqual([
      { ...healthz, isOn: true },
    ])
  })
})
