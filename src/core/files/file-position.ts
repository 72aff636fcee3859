/** Where the reading of a followed file stands: what is stored with its lines, and proven at a resume. */

/**
 * A position in one generation of a file: what one inode held from its creation, or from its last
 * truncation, on. An inode number is used again after a rotation, so it proves nothing alone; the
 * device is no part of it, because its number may be another one after a reboot.
 */
export interface FilePosition {
  /** Counted number of the generation and its inode, `3:131072`; `0:0` before the file is there. */
  readonly generation: string
  readonly offset: number
  /** Last change of the file that was seen, in seconds by the host's clock. */
  readonly modified: number
  /** What must stand before `offset`. */
  readonly before: TailSum
}

export interface TailSum {
  readonly bytes: number
  readonly sum: string
}

/** Bytes before a position that identify it. */
export const tailBytesMax = 256

export const emptyTail: Uint8Array = new Uint8Array(0)
const emptySum: TailSum = { bytes: 0, sum: '' }

export function tailSum(tail: Uint8Array): TailSum {
  return tail.length === 0 ? emptySum : { bytes: tail.length, sum: checksum(tail) }
}

/** The last bytes of `tail` and then `bytes`. */
export function joinTail(tail: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (bytes.length >= tailBytesMax) return bytes.slice(bytes.length - tailBytesMax)
  const kept = tail.subarray(Math.max(0, tail.length + bytes.length - tailBytesMax))
  const joined = new Uint8Array(kept.length + bytes.length)
  joined.set(kept)
  joined.set(bytes, kept.length)
  return joined
}

export function inodeOf(generation: string): string {
  return generation.slice(generation.indexOf(':') + 1)
}

/** The label of the generation after this one. */
export function nextGeneration(generation: string, inode: string): string {
  return `${Number.parseInt(generation, 10) + 1}:${inode}`
}

/** Before the file is there. */
export const absentPosition: FilePosition = {
  generation: '0:0',
  offset: 0,
  modified: 0,
  before: emptySum,
}

/** Two FNV-1a sums with different primes: 64 bits, for bytes that nobody has made to collide. */
function checksum(bytes: Uint8Array): string {
  let first = 0x811c9dc5
  let second = 0x9747b28c
  for (const byte of bytes) {
    first = Math.imul(first ^ byte, 0x01000193)
    second = Math.imul(second ^ byte, 0x85ebca6b)
    second ^= second >>> 15
  }
  return [first, second].map((sum) => (sum >>> 0).toString(16).padStart(8, '0')).join('')
}
