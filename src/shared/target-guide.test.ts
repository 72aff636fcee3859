/** The examples of docs/guide/targets.md, worked out. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseTarget, selectHosts } from './target.ts'

const guide = readFileSync(new URL('../../docs/guide/targets.md', import.meta.url), 'utf8')
const list = (text: string) => text.split(', ').filter((item) => item !== '')
const hosts = [...guide.matchAll(/^\| (\S+) \| ([a-z, ]+) \| (\S*:\S*) \|$/gm)].map(
  ([, name = '', groups = '', tags = '']) => ({ name, groups: list(groups), tags: list(tags) }),
)
const examples = [...guide.matchAll(/^\| `([^`]+)` \| ([^|]+) \|$/gm)].map(
  ([, target = '', names = '']) => [target, names] as const,
)

describe('the guide', () => {
  test('has an inventory and examples of it', () => {
    expect(hosts).toHaveLength(4)
    expect(examples.length).toBeGreaterThan(15)
  })

  test.each(examples)('%s names %s, as it says', (target, names) => {
    expect(selectHosts(parseTarget(target), { hosts }).join(', ')).toBe(names)
  })
})
