import { expect, test } from 'vitest'
import type { Source } from '../../../shared/run.ts'
import { sourceOf, typedOf } from './draft-source.ts'

test.each<[string, Source]>([
  ['uptime; free -h', { kind: 'command', command: 'uptime; free -h' }],
  ['/var/log/a.log ~/b*.log', { kind: 'files', paths: ['/var/log/a.log', '~/b*.log'] }],
  ['"/my logs/a.log" /b', { kind: 'files', paths: ['/my logs/a.log', '/b'] }],
  ['nginx.service', { kind: 'journal', unit: 'nginx.service' }],
  ['shop', { kind: 'container', name: 'shop' }],
])('%j is a source, and is typed like that', (typed, source) => {
  expect(sourceOf(source.kind, `  ${typed}\n`)).toEqual(source)
  expect(typedOf(source)).toBe(typed)
})

test('paths on lines of their own are several, and one that is named twice is one', () => {
  expect(sourceOf('files', '/a\n/b\n/a')).toEqual({ kind: 'files', paths: ['/a', '/b'] })
})
