import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldHosts } from './host-set.ts'

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
  [['127.0.0.1:22', '127.0.0.1:23'], '127.0.0.1:22,127.0.0.1:23'],
  [['[::1]:22', '[::2]:22'], '[::1]:22,[::2]:22'],
])('%j is folded to %s', (names, folded) => {
  expect(foldHosts(names)).toBe(folded)
})

test('no name is lost, doubled or made up, whatever they are', () => {
  const part = fc.constantFrom('web-', 'db', '1', '2', '3', '09', '010', '10', '.', 'a', ':22', '')
  const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(
      fc.array(
        name.filter((text) => text !== ''),
        { maxLength: 20 },
      ),
      (names) => {
        expect(unfolded(foldHosts(names)).toSorted()).toEqual([...new Set(names)].toSorted())
      },
    ),
    { numRuns: 1_000 },
  )
})

/** What a reader of the folded text takes it for. */
function unfolded(text: string): string[] {
  if (text === '') return []
  return text.split(/,(?![^[]*\])/).flatMap((item) => {
    const [, before, list, after] = /^([^[]*)\[([0-9,-]+)\]([^[]*)$/.exec(item) ?? []
    if (list === undefined) return [item]
    return list.split(',').flatMap((range) => {
      const [from = '', to = from] = range.split('-')
      const count = Number(to) - Number(from) + 1
      const padded = from.startsWith('0') ? from.length : 0
      return Array.from({ length: count }, (_, at) => {
        return `${before}${String(Number(from) + at).padStart(padded, '0')}${after}`
      })
    })
  })
}
