/** Unit tests of the joined CRC. */
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combineCrc32, lengthOperator } from './crc32-combine.ts'

test('the joined checksum is that of the joined bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.uint8Array({ maxLength: 70 }), (a, b) => {
      const whole = crc32(Buffer.concat([a, b]))
      expect(combineCrc32(crc32(a), crc32(b), lengthOperator(b.length))).toBe(whole)
      expect(combineCrc32(0, crc32(a), lengthOperator(a.length))).toBe(crc32(a))
    }),
  )
})
