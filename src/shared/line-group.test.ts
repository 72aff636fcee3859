import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PlacedGroup, splitGroup, textsOf } from './line-group.ts'

const line = fc
  .uint8Array({ maxLength: 12 })
  .map((bytes) => bytes.filter((byte) => byte !== 10 && byte !== 13))

describe('textsOf', () => {
  test('decodes a group as it would decode each of its lines', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
        const bytes = new Uint8Array(
          Buffer.concat(lines.flatMap((one) => [one, Buffer.from('\n')])),
        )
        const alone = lines.map((one) => Buffer.from(one).toString('utf8'))
        expect(textsOf({ bytes, end: 'newline' })).toEqual(alone)
      }),
    )
  })

  test('leaves out the CR of a CRLF, and no other', () => {
    const bytes = new Uint8Array(Buffer.from('a\r\n10%\r20%\nlast\r'))
    expect(textsOf({ bytes, end: 'unterminated' })).toEqual(['a', '10%\r20%', 'last\r'])
  })

  test('keeps a byte order mark and a NUL', () => {
    const bytes = new Uint8Array(Buffer.from('\uFEFFa\0b\n'))
    expect(textsOf({ bytes, end: 'newline' })).toEqual(['\uFEFFa\0b'])
  })
})

describe('splitGroup', () => {
  test('cuts between two lines and keeps every byte and position', () => {
    const bytes = new Uint8Array(Buffer.from('a\nbb\nccc\nd'))
    const group: PlacedGroup = {
      pos: 7,
      task: 0,
      channel: 'out',
      time: 0,
      count: 4,
      bytes,
      end: 'unterminated',
      file: '/var/log/a',
    }
    for (const at of [1, 2, 3]) {
      const [head, tail] = splitGroup(group, at)
      expect([head.pos, head.count, tail.pos, tail.count]).toEqual([7, at, 7 + at, 4 - at])
      expect([...textsOf(head), ...textsOf(tail)]).toEqual(['a', 'bb', 'ccc', 'd'])
      expect([head.file, tail.file]).toEqual(['/var/log/a', '/var/log/a'])
      expect(Buffer.concat([head.bytes, tail.bytes]).equals(bytes)).toBe(true)
    }
  })
})
