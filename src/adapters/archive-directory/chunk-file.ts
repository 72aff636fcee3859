/**
 * A range of a run as the bytes of one file. All numbers are little-endian.
 *
 *     0   magic, "FGAR"
 *     4   version (1 byte), codec (1 byte: 1 = gzip), 2 bytes 0
 *     8   from, next: the positions (8 bytes each)
 *     24  length of the batch before compression (4 bytes)
 *     28  crc32 (4 bytes) of the id of the run, the 28 bytes before this, and the rest of the file
 *     32  one batch (src/shared/batch-codec.ts), compressed
 *
 * Gzip in its first level: brotli's first gives files of the same size in the same time and takes
 * twice as long to read (docs/operate/archive.md).
 */
import { promisify } from 'node:util'
import { crc32, gunzip, gzip } from 'node:zlib'
import { type ArchivedRange, rangeOf } from '../../core/store/archive.ts'
import { decodeBatch, encodeBatch } from '../../shared/batch-codec.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { RunId } from '../../shared/run.ts'

/** Compressed by threads of the system, not by the one that serves. */
export async function encodeChunk(run: RunId, groups: readonly PlacedGroup[]): Promise<Uint8Array> {
  const range = rangeOf(groups)
  const batch = encodeBatch(groups)
  const body = await compress(batch, { level: 1 })
  const head = Buffer.alloc(headBytes)
  head.write(magic, 0, 'latin1')
  head.writeUInt8(version, 4)
  head.writeUInt8(codec, 5)
  head.writeBigUInt64LE(BigInt(range.from), 8)
  head.writeBigUInt64LE(BigInt(range.next), 16)
  head.writeUInt32LE(batch.length, 24)
  head.writeUInt32LE(checksum(run, head, body), 28)
  return Buffer.concat([head, body])
}

/** Undefined when it is not whole: torn, damaged, of another run or another range. */
export async function decodeChunk(
  run: RunId,
  range: ArchivedRange,
  file: Buffer,
): Promise<readonly PlacedGroup[] | undefined> {
  if (file.length < headBytes || file.toString('latin1', 0, 4) !== magic) return undefined
  const body = file.subarray(headBytes)
  if (file.readUInt32LE(28) !== checksum(run, file, body)) return undefined
  if (file.readUInt8(4) !== version || file.readUInt8(5) !== codec) return undefined
  const [from, next] = [file.readBigUInt64LE(8), file.readBigUInt64LE(16)]
  if (from !== BigInt(range.from) || next !== BigInt(range.next)) return undefined
  const batch = await decompress(body, { maxOutputLength: file.readUInt32LE(24) })
  return decodeBatch(batch, range.from)
}

const magic = 'FGAR'
const version = 1
const codec = 1
const headBytes = 32

function checksum(run: RunId, head: Buffer, body: Uint8Array): number {
  return crc32(body, crc32(head.subarray(0, 28), crc32(run)))
}

const compress = promisify(gzip)
const decompress = promisify(gunzip)
