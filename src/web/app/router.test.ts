import { describe, expect, test } from 'vitest'
import { parseRoute } from './router.ts'

const id = `r${'a1'.repeat(12)}b`

describe('routes', () => {
  test.each([
    ['/', '', { kind: 'new-run' }],
    ['/runs', '', { kind: 'runs' }],
    ['/sign-in', '', { kind: 'sign-in' }],
    [`/runs/${id}`, '', { kind: 'run', id, line: null }],
    [`/runs/${id}`, '#L0', { kind: 'run', id, line: 0 }],
    [`/runs/${id}`, '#L171204', { kind: 'run', id, line: 171_204 }],
    [`/runs/${id}`, '#Lx', { kind: 'run', id, line: null }],
    ['/runs/nonsense', '', { kind: 'not-found' }],
    [`/runs/${id}/more`, '', { kind: 'not-found' }],
    ['/elsewhere', '', { kind: 'not-found' }],
  ])('%s%s', (path, fragment, expected) => {
    expect(parseRoute(path, fragment)).toEqual(expected)
  })
})
