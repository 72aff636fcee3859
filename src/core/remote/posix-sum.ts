/** The checksum of the POSIX program `cksum`, which hosts have: compares bytes without sending them. */

/** CRC-32 with the generator 0x04C11DB7, over the bytes and then their count, inverted. */
export function posixSum(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) sum = withByte(sum, byte)
  for (let count = bytes.length; count > 0; count >>>= 8) sum = withByte(sum, count & 0xff)
  return ~sum >>> 0
}

function withByte(sum: number, byte: number): number {
  return (sum << 8) ^ (table[(sum >>> 24) ^ byte] ?? 0)
}

const table: readonly number[] = Array.from({ length: 256 }, (_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit += 1) {
    value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1
  }
  return value
})
