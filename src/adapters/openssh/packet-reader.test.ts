import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PacketReader } from './packet-reader.ts'

test('packets come out whole and in order, wherever the stream was cut', () => {
  const packets = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 })
  fc.assert(
    fc.property(packets, fc.infiniteStream(fc.integer({ min: 1, max: 50 })), (all, sizes) => {
      const stream = Buffer.concat(all.flatMap((each) => [lengthOf(each.length), each]))
      const reader = new PacketReader(40)
      const read: string[] = []
      let at = 0
      for (const size of sizes) {
        if (at >= stream.length) break
        const pieces = [...reader.push(stream.subarray(at, at + size))]
        read.push(...pieces.map((piece) => piece.toString('hex')))
        at += size
      }
      expect(read).toEqual(all.map((each) => Buffer.from(each).toString('hex')))
    }),
  )
})

test('a packet that is larger than any should be is refused before it has come', () => {
  const reader = new PacketReader(40)
  expect(() => [...reader.push(lengthOf(41))]).toThrow('A packet of 41 bytes')
})

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes)
  return length
}
