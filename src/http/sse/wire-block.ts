/** Bytes of a stream event: encoded once, in both forms, and shared by every viewer. */
import { constants, crc32, deflateRawSync } from 'node:zlib'
import { combineCrc32, lengthOperator } from './crc32-combine.ts'

/**
 * Some whole events. The gzip form is a deflate block that stands on its own (full flush), so that
 * the same bytes fit into the stream of any viewer at any moment; made when the first one needs it.
 */
export class WireBlock {
  readonly plain: Buffer
  #gzip: GzipBlock | undefined

  /** `latin1` for text that is UTF-8 already, one character per byte. */
  constructor(text: string, encoding: 'utf8' | 'latin1' = 'utf8') {
    this.plain = Buffer.from(text, encoding)
  }

  get gzip(): GzipBlock {
    this.#gzip ??= new GzipBlock(this.plain)
    return this.#gzip
  }
}

class GzipBlock {
  readonly bytes: Buffer
  readonly #plainBytes: number
  readonly #crc: number
  readonly #operator: number

  constructor(plain: Buffer) {
    this.bytes = deflateRawSync(plain, {
      // Level 6 costs nothing on a small block; on a large one it costs three times level 1.
      level: plain.length < 4_096 ? 6 : 1,
      finishFlush: constants.Z_FULL_FLUSH,
    })
    this.#plainBytes = plain.length
    this.#crc = crc32(plain)
    this.#operator = lengthOperator(plain.length)
  }

  /** The checksum of a stream after this block. */
  addTo(sum: GzipSum): GzipSum {
    return {
      crc: combineCrc32(sum.crc, this.#crc, this.#operator),
      bytes: sum.bytes + this.#plainBytes,
    }
  }
}

/** What the trailer of one viewer's gzip stream is made of. */
export interface GzipSum {
  readonly crc: number
  readonly bytes: number
}

export const emptyGzipSum: GzipSum = { crc: 0, bytes: 0 }

/** Head of a gzip stream: no name, no time, made on Unix. */
export const gzipHead: Buffer = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])

/** Last block and trailer: a clean end, so that no reader takes it for a cut. */
export function gzipTail(sum: GzipSum): Buffer {
  const tail = Buffer.alloc(10)
  tail[0] = 3
  tail.writeUInt32LE(sum.crc, 2)
  tail.writeUInt32LE(sum.bytes % 2 ** 32, 6)
  return tail
}
