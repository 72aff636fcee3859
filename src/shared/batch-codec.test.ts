import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBatch, encodeBatch, encodeBatchInto, encodedBytes } from './batch-codec.ts'
import { channels } from './channel.ts'
import { type LineGroup, lineEnds } from './line-group.ts'

const time = fc.oneof(
  fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }),
  fc.integer({ min: 0, max: Math.floor(Number.MAX_SAFE_INTEGER / 4) }),
)

/** A few names that come again, and any others. */
const file = fc.oneof(
  fc.constantFrom('/var/log/a', '/var/log/b', '', '\ufeff/bom', '/ä\n\u0000'),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

const plainGroup: fc.Arbitrary<LineGroup> = fc.record({
  task: fc.oneof(fc.nat(5), fc.nat(2 ** 31 - 1)),
  channel: fc.constantFrom(...channels),
  time,
  count: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 2 ** 40 })),
  bytes: fc.uint8Array({ maxLength: 300 }),
  end: fc.constantFrom(...lineEnds),
})

const group = fc
  .tuple(plainGroup, fc.option(file, { nil: undefined }))
  .map(([one, name]): LineGroup => (name === undefined ? one : { ...one, file: name }))

const groups = fc.array(group, { minLength: 1, maxLength: 12 })

describe('batch codec', () => {
  test('gives every group back as it was, with its position', () => {
    fc.assert(
      fc.property(groups, fc.nat(), (batch, pos) => {
        let next = pos
        const placed = batch.map((one) => {
          const at = next
          next += one.count
          return { ...one, pos: at }
        })
        expect(decodeBatch(encodeBatch(batch), pos)).toEqual(placed)
      }),
    )
  })

  test('writes into the place it is given, and nothing beside it', () => {
    fc.assert(
      fc.property(groups, fc.nat(20), (batch, offset) => {
        const target = new Uint8Array(offset + encodedBytes(batch) + 3).fill(0xee)
        expect(encodeBatchInto(target, offset, batch)).toBe(target.length - 3)
        expect(target.subarray(offset, -3)).toEqual(encodeBatch(batch))
        const beside = [...target.subarray(0, offset), ...target.subarray(-3)]
        expect(beside.every((byte) => byte === 0xee)).toBe(true)
      }),
    )
  })

  test('decodes to views, without copying the lines', () => {
    const encoded = encodeBatch([line('abc\n'), line('de\n')])
    for (const one of decodeBatch(encoded, 0)) expect(one.bytes.buffer).toBe(encoded.buffer)
  })

  test('adds at most 20 bytes to a batch of one group', () => {
    const one = { ...line('x'.repeat(65_535)), task: 999, count: 1_000 }
    expect(encodedBytes([one]) - 65_535).toBeLessThanOrEqual(20)
  })

  test('is the same bytes as in 0.1.0 for a batch without files', () => {
    const [first, second] = [line('a\n'), { ...line('b'), end: 'unterminated', time: 1_763 }]
    const encoded = encodeBatch([first, second as LineGroup])
    expect(Buffer.from(encoded).toString('hex')).toBe(
      '010280bcf4d7a73300000001020020b9dce8afcf660101610a62',
    )
  })

  test('holds the name of a file once, however many groups are of it', () => {
    const name = '/var/log/nginx/access.log'
    const one = { ...line('a\n'), file: name }
    const many = Array.from({ length: 50 }, () => one)
    // Head of five bytes, number of the file, line of two.
    expect(encodedBytes(many) - encodedBytes([one])).toBe(49 * 8)
  })

  test('refuses a batch that is cut anywhere', () => {
    const named = { ...line('third\n'), file: '/ä' }
    const encoded = encodeBatch([line('first\n'), named, line('second\n'), named])
    for (let length = 0; length < encoded.length; length++) {
      expect(() => decodeBatch(encoded.subarray(0, length), 0)).toThrow(/A stored batch is damaged/)
    }
  })

  test('refuses bytes that follow the batch, an unknown version, channel or empty group', () => {
    const encoded = encodeBatch([line('first\n')])
    expect(() => decodeBatch(Uint8Array.of(...encoded, 0), 0)).toThrow(/the row has/)
    expect(() => decodeBatch(Uint8Array.of(2, ...encoded.subarray(1)), 0)).toThrow(/version 2/)
    expect(() => decodeBatch(Uint8Array.of(1, 1, 0, 0, 3, 0, 1, 0), 0)).toThrow(/channel code 3/)
    expect(() => decodeBatch(Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0), 0)).toThrow(/no line/)
    expect(() => decodeBatch(Uint8Array.of(1, 1, 0, 0, 128, 0, 1, 0, 1), 0)).toThrow(/file 1 of 0/)
    expect(() => decodeBatch(Uint8Array.of(1, 1, 0, 0, 128, 0, 1, 0, 0, 9, 65), 0)).toThrow(
      /within a file name/,
    )
  })

  test('never does anything but decode or refuse, whatever the bytes', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Uint8Array.of(1, ...bytes)),
    )
    fc.assert(
      fc.property(noise, (bytes) => {
        expect(refusalOf(bytes)).toMatch(/^$|A stored batch is damaged/)
      }),
      { numRuns: 2_000 },
    )
  })

  test('refuses to store a number that is not whole or not safe', () => {
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => encodeBatch([{ ...line('x\n'), count: bad }])).toThrow(/cannot be stored/)
    }
  })
})

function line(text: string): LineGroup {
  const bytes = new TextEncoder().encode(text)
  return { task: 0, channel: 'out', time: 1_763_000_000_000, count: 1, bytes, end: 'newline' }
}

/** Empty when the bytes are a batch. */
function refusalOf(bytes: Uint8Array): string {
  try {
    decodeBatch(bytes, 0)
    return ''
  } catch (thrown) {
    return String(thrown)
  }
}
