import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LineEnd, textsOf } from '../../shared/line-group.ts'
import { textsRoom, writeTexts } from './json-texts.ts'

const piece = fc.oneof(
  fc.string().map((text) => Buffer.from(text)),
  fc
    .constantFrom('\r\n', '\n', '\r', '"', '\\', '\t\b\f', '\0', '\u001b[31m', '漢字🙂', '\u2028')
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
)

test('the bytes of a group become the same JSON as its texts, whatever they hold', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.constantFrom<LineEnd>('newline', 'continued', 'unterminated'),
      (pieces, end) => {
        const bytes = Buffer.concat(end === 'newline' ? [...pieces, Buffer.from('\n')] : pieces)
        if (bytes.length === 0) return
        const count = bytes.filter((byte) => byte === 10).length + (end === 'newline' ? 0 : 1)
        const group = { task: 0, channel: 'out', time: 0, count, bytes, end } as const
        const target = Buffer.alloc(textsRoom(group) + 10)
        const next = writeTexts(group, target, 5)
        expect(target.toString('utf8', 5, next)).toBe(JSON.stringify(textsOf(group)))
      },
    ),
    { numRuns: 2_000 },
  )
})
