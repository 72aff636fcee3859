import { describe, expect, test } from 'vitest'
import { askOf, filterOf, isAll, queryOf } from './run-filter-query.ts'

describe('the filter of the run list', () => {
  test.each([
    '',
    '?show=failed',
    '?show=running&age=day&host=web-1&q=df+-h+%26+more',
    '?saved=restart-app&by=schedule%3Anightly&pinned=true',
  ])('the address "%s" gives the same list again', (query) => {
    expect(queryOf(filterOf(query))).toBe(query)
  })

  test('what an address does not know how to say is everything', () => {
    expect(isAll(filterOf('?show=odd&age=1&other=x&by=odd&pinned=1'))).toBe(true)
  })

  test('the server is asked for what has not ended, for what went wrong, and from a time on', () => {
    const now = Date.parse('2026-11-20T12:00:00.000Z')
    expect(askOf(filterOf('?show=running'), now)).toEqual({ state: 'queued,running,stopping' })
    expect(askOf(filterOf('?show=failed&age=day&host=%20web-1&q=%20df%20'), now)).toEqual({
      outcome: 'failed,lost',
      since: '2026-11-19T12:00:00.000Z',
      host: 'web-1',
      q: 'df',
    })
    expect(askOf(filterOf('?saved=backup&by=trigger&pinned=true'), now)).toEqual({
      saved: 'backup',
      startedBy: 'trigger',
      pinned: 'true',
    })
  })
})
