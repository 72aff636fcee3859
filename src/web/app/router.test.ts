import { describe, expect, test } from 'vitest'
import { parseRoute } from './router.ts'

const id = `r${'a1'.repeat(12)}b`

describe('routes', () => {
  test.each([
    ['/', '', { kind: 'new-run' }],
    ['/runs', '', { kind: 'runs' }],
    ['/search', '', { kind: 'search' }],
    ['/settings', '', { kind: 'settings', part: 'appearance' }],
    ['/settings/about', '', { kind: 'settings', part: 'about' }],
    ['/settings/more', '', { kind: 'not-found' }],
    ['/hosts', '', { kind: 'hosts' }],
    ['/hosts/me%40web-1%3A22', '', { kind: 'host', name: 'me@web-1:22' }],
    ['/hosts/%zz', '', { kind: 'not-found' }],
    ['/sign-in', '', { kind: 'sign-in' }],
    [`/runs/${id}`, '', { kind: 'run', id, lines: null }],
    [`/runs/${id}`, '#L0', { kind: 'run', id, lines: { line: 0, until: null } }],
    [`/runs/${id}`, '#L171204', { kind: 'run', id, lines: { line: 171_204, until: null } }],
    [`/runs/${id}`, '#L10-L42', { kind: 'run', id, lines: { line: 10, until: 42 } }],
    [`/runs/${id}`, '#L10-42', { kind: 'run', id, lines: null }],
    [`/runs/${id}`, '#Lx', { kind: 'run', id, lines: null }],
    ['/runs/nonsense', '', { kind: 'not-found' }],
    [`/runs/${id}/more`, '', { kind: 'not-found' }],
    ['/elsewhere', '', { kind: 'not-found' }],
  ])('%s%s', (path, fragment, expected) => {
    expect(parseRoute(path, fragment)).toEqual(expected)
  })
})
