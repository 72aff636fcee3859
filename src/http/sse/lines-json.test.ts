/** Unit tests of the hand-built JSON of lines. */
import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Frame } from '../../core/runs/run-service.ts'
import { limits } from '../../shared/limits.ts'
import { type LineEnd, type PlacedGroup, textsOf } from '../../shared/line-group.ts'
import { linesJson } from './lines-json.ts'

function groupOf(bytes: Uint8Array, end: LineEnd, pos = 0): PlacedGroup {
  const newlines = bytes.filter((byte) => byte === 10).length
  const count = end === 'newline' ? newlines : newlines + 1
  return { pos, task: 3, channel: 'err', time: 1_795_000_000_123, count, bytes, end }
}

/** The JSON as it is on the wire. */
function wireJson(frame: Frame): string {
  return Buffer.from(linesJson(frame), 'latin1').toString()
}

function frameOf(group: PlacedGroup): Frame {
  return { kind: 'frame', pos: group.pos, next: group.pos + group.count, groups: [group] }
}

test('it is what JSON.stringify would give, for any bytes', () => {
  const texts = fc
    .string({ unit: 'binary', minLength: 1 })
    .map((text) => new TextEncoder().encode(text))
  const anything = fc.uint8Array({ minLength: 1, maxLength: 300 })
  const lineEnds = fc
    .array(fc.constantFrom('é', '\r', '\n', '"', '\\', '\u2028', '\u{1f600}', 'a'), {
      minLength: 1,
    })
    .map((parts) => new TextEncoder().encode(parts.join('')))
  const bytes = fc.oneof(texts, anything, lineEnds)
  fc.assert(
    fc.property(
      bytes,
      fc.constantFrom<LineEnd>('newline', 'continued', 'unterminated'),
      fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
      (raw, end, file) => {
        const bare = groupOf(end === 'newline' ? Uint8Array.from([...raw, 10]) : raw, end, 7)
        const group = file === undefined ? bare : { ...bare, file }
        const json = wireJson(frameOf(group))
        expect(JSON.parse(json)).toEqual({
          pos: 7,
          next: 7 + group.count,
          groups: [
            {
              task: 3,
              channel: 'err',
              time: new Date(group.time).toISOString(),
              ...(file !== undefined && { file }),
              lines: textsOf(group),
              ...(end !== 'newline' && { end }),
              // Joined again, the texts would not give the bytes.
              ...((raw.includes(13) || !isUtf8(raw)) && { inexact: true }),
            },
          ],
        })
        // What would end an event early, or start another field, is never in it.
        expect(json).not.toMatch(/[\r\n]/)
      },
    ),
  )
})

test('a text of exactly the limit is whole, one byte more is cut, never inside a character', () => {
  const max = limits.wireLineBytesMax
  const lineOf = (size: number, last: string) => 'a'.repeat(size - Buffer.byteLength(last)) + last
  const cases: readonly [string, number | undefined, number][] = [
    [lineOf(max, 'b'), undefined, max],
    [lineOf(max + 1, 'b'), max + 1, max],
    [lineOf(max + 1, '中'), max + 1, max - 2],
    [lineOf(max + 2, '\u{1f600}'), max + 2, max - 2],
    [lineOf(max, '\u{1f600}'), undefined, max],
  ]
  for (const [line, size, sent] of cases) {
    const bytes = Buffer.from(`x\n${line}\ny\n`)
    const { groups } = JSON.parse(wireJson(frameOf(groupOf(bytes, 'newline')))) as {
      groups: { lines: string[]; cut?: unknown }[]
    }
    const [group] = groups
    const [first = '', long = '', last = ''] = group?.lines ?? []
    expect([first, Buffer.byteLength(long), last]).toEqual(['x', sent, 'y'])
    expect(line.startsWith(long)).toBe(true)
    expect(group?.cut).toEqual(size === undefined ? undefined : [{ index: 1, bytes: size }])
  }
})
