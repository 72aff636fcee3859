import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldHosts } from './host-set.ts'
import { parseTarget, selectHosts } from './target.ts'

test.each([
  [[], ''],
  [['web-1'], 'web-1'],
  [['web-1', 'web-2', 'web-3'], 'web-[1-3]'],
  [['web-3', 'web-1', 'web-10', 'web-2', 'web-11'], 'web-[1-3,10-11]'],
  [['web-09', 'web-10', 'web-11'], 'web-[09-11]'],
  [['web-1', 'web-01', 'web-02', 'web-2'], 'web-[1-2],web-[01-02]'],
  [['web-1', 'db-1', 'web-2', 'cache'], 'web-[1-2],db-1,cache'],
  [['web-1.eu2.example.com', 'web-2.eu2.example.com'], 'web-[1-2].eu2.example.com'],
  [['deploy@10.0.0.7:2222', 'deploy@10.0.0.8:2222'], 'deploy@10.0.0.[7-8]:2222'],
  [['rack1n1', 'rack2n2', 'rack1n2', 'rack2n1', 'rack3n1'], 'rack[1-2]n[1-2],rack3n1'],
  [['deploy2@web-1', 'deploy2@web-2', 'deploy3@web-1'], 'deploy2@web-[1-2],deploy3@web-1'],
  [['fe80::1', 'fe80::2'], 'fe80::1,fe80::2'],
  [['127.0.0.1:22', '127.0.0.1:23'], '127.0.0.1:22,127.0.0.1:23'],
  [['[::1]:22', '[::2]:22'], '[::1]:22,[::2]:22'],
])('%j is folded to %s', (names, folded) => {
  expect(foldHosts(names)).toBe(folded)
})

test('a target reads each name off the folded text, none lost, doubled or made up', () => {
  const part = fc.constantFrom('web-', 'db', '1', '2', '3', '09', '010', '10', '.', 'a')
  const name = fc
    .tuple(
      fc.constantFrom('', 'me@', 'u1@'),
      fc.array(part, { maxLength: 5 }),
      fc.constantFrom('', ':22'),
    )
    .map(([user, parts, port]) => `${user}h${parts.join('')}${port}`)
  const address = fc.constantFrom('[::1]:22', '[::2]:22', 'fe80::1', 'fe80::2', '10.0.0.9', '10')
  fc.assert(
    fc.property(
      fc.array(fc.oneof(name, name, address), { minLength: 1, maxLength: 20 }),
      (names) => {
        const read = selectHosts(parseTarget(foldHosts(names)), { hosts: [] })
        expect(read.toSorted()).toEqual([...new Set(names)].toSorted())
      },
    ),
    { numRuns: 1_000 },
  )
})
