import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isStamp, parseStamp, sinceOf, stampOf } from './log-stamp.ts'
import { type OutputLine, OutputLines } from './output-lines.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const shown = (lines: readonly OutputLine[]) =>
  lines.map((line) => [
    line.kind === 'line' ? line.stamp : null,
    new TextDecoder().decode(line.bytes),
  ])

it.each([
  ['2026-11-25T14:33:00.722715566Z a', '001795617180.722715566', 'a'],
  ['2026-11-25T14:33:00.7Z ', '001795617180.700000000', ''],
  ['2026-11-25T15:33:00+01:00 b c', '001795617180.000000000', 'b c'],
])('%j has a stamp and a text', (line, stamp, text) => {
  const found = parseStamp(encode(line))
  expect(found?.stamp).toBe(stamp)
  expect(line.slice(found?.textFrom)).toBe(text)
  expect(isStamp(stamp)).toBe(true)
})

it.each([
  'Error response from daemon: No such container: x',
  '',
  '2026-11-25 14:33:00 a',
  '2026-13-45T99:99:99Z a',
  '2026-11-25T14:33:00.722715566Z',
])('%j is a word of the engine', (line) => {
  expect(parseStamp(encode(line))).toBeUndefined()
})

it('lines are asked for from a nanosecond before a stamp', () => {
  expect(sinceOf('001795617180.722715566')).toBe('2026-11-25T14:33:00.722715565Z')
  expect(sinceOf(stampOf(1_795_617_180))).toBe('2026-11-25T14:32:59.999999999Z')
})

it('the same lines come however the bytes are cut, long ones without the stamps between their parts', () => {
  const at = '2026-11-25T14:33:00.722715566Z '
  const long = 'x'.repeat(16_384)
  const text = `${at}first\nthe engine says\n${at}${long}${at}${long}${at}rest\n${at}${long}\n${at}\n`
  const bytes = encode(text)
  const stamp = '001795617180.722715566'
  const expected = [
    [stamp, 'first\n'],
    [null, 'the engine says\n'],
    [stamp, `${long}${long}rest\n`],
    [stamp, `${long}\n`],
    [stamp, '\n'],
  ]
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (places) => {
      const lines = new OutputLines('docker')
      const ends = [...places.toSorted((a, b) => a - b), bytes.length]
      let from = 0
      const found = ends.flatMap((end) => {
        const piece = lines.push(bytes.subarray(from, end))
        from = end
        return shown(piece)
      })
      expect(found).toEqual(expected)
    }),
    { numRuns: 40 },
  )
})

it('of Podman a line is given without the stamps between its parts, and with the times of its program', () => {
  const at = '2026-11-25T14:33:00.722715566Z '
  const next = '2026-11-25T14:33:01.000000001Z '
  const own = '2026-11-25T14:33:00.700000000Z '
  const later = '2027-01-01T00:00:00.000000000Z '
  const [line] = new OutputLines('podman').push(
    encode(`${at}${own}THE Turn ${next}of ${later}T${next}he day\n`),
  )
  expect(shown(line === undefined ? [] : [line])).toEqual([
    ['001795617180.722715566', `${own}THE Turn of ${later}The day\n`],
  ])
})
