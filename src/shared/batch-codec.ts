/**
 * A batch as bytes: what one stored row holds. A compact head per group, then the raw bytes of all
 * groups. Whoever stores it keeps a checksum beside it; this finds structural damage only.
 *
 *     version (1 byte) · number of groups · time of the first group
 *     per group: task · channel, end and mark of a file (1 byte) · time since the group before ·
 *                count · byte length · with the mark: number of the file
 *     bytes of the groups, joined
 *
 * Files of a batch are numbered from 0 in the order in which they come; behind a number that comes
 * for the first time stands the name: byte length · UTF-8. So a name is in a batch once.
 *
 * Numbers are LEB128 varints of up to 53 bits; time differences are zigzag, as clocks may go back.
 */
import { channels } from './channel.ts'
import { AppError } from './errors.ts'
import { type LineGroup, lineEnds, type PlacedGroup } from './line-group.ts'

/** One allocation; the groups' bytes are copied. */
export function encodeBatch(groups: readonly LineGroup[]): Uint8Array<ArrayBuffer> {
  const target = new Uint8Array(encodedBytes(groups))
  encodeBatchInto(target, 0, groups)
  return target
}

/** Length of the encoded batch. */
export function encodedBytes(groups: readonly LineGroup[]): number {
  let time = groups[0]?.time ?? 0
  let length = 1 + varintBytes(groups.length) + varintBytes(time)
  const files = new FileNumbers()
  for (const group of groups) {
    length += varintBytes(group.task) + 1 + varintBytes(zigzag(group.time - time))
    length += varintBytes(group.count) + varintBytes(group.bytes.length) + group.bytes.length
    if (group.file !== undefined) length += files.bytesFor(group.file)
    time = group.time
  }
  return length
}

/** Writes the batch from `offset` on, where `encodedBytes` must be free; gives the offset after it. */
export function encodeBatchInto(
  target: Uint8Array,
  offset: number,
  groups: readonly LineGroup[],
): number {
  let time = groups[0]?.time ?? 0
  target[offset] = version
  let at = writeVarint(target, offset + 1, groups.length)
  at = writeVarint(target, at, time)
  const files = new FileNumbers()
  for (const group of groups) {
    at = writeVarint(target, at, group.task)
    target[at++] =
      channels.indexOf(group.channel) |
      (lineEnds.indexOf(group.end) << 4) |
      (group.file === undefined ? 0 : fileMark)
    at = writeVarint(target, at, zigzag(group.time - time))
    at = writeVarint(target, at, group.count)
    at = writeVarint(target, at, group.bytes.length)
    if (group.file !== undefined) at = files.write(target, at, group.file)
    time = group.time
  }
  for (const group of groups) {
    target.set(group.bytes, at)
    at += group.bytes.length
  }
  return at
}

/**
 * The groups of an encoded batch whose first line is at `pos`. Their bytes are views of `source`.
 * Throws `store-failed` when the bytes are not a whole batch.
 */
export function decodeBatch(source: Uint8Array, pos: number): PlacedGroup[] {
  const reader = new Reader(source)
  const found = reader.byte()
  if (found !== version) throw damaged(`it says version ${found}, this program knows ${version}`)
  const heads = readHeads(reader)
  let at = reader.at
  let next = pos
  const groups = heads.map(({ length, ...head }) => {
    const group = { ...head, pos: next, bytes: source.subarray(at, at + length) }
    at += length
    next += head.count
    return group
  })
  if (at !== source.length) {
    throw damaged(`its groups have ${at} bytes, the row has ${source.length}`)
  }
  return groups
}

const version = 1

/** In the byte of channel and end: the number of a file follows. */
const fileMark = 0x80

/** Least bytes that a group takes, to refuse a nonsensical number of groups before it costs memory. */
const groupBytesMin = 5

type Head = Omit<LineGroup, 'bytes'> & { readonly length: number }

function readHeads(reader: Reader): Head[] {
  const count = reader.varint()
  let time = reader.varint()
  if (count * groupBytesMin > reader.left) throw damaged(`it cannot hold ${count} groups`)
  const heads: Head[] = []
  const files: string[] = []
  for (let index = 0; index < count; index++) {
    const task = reader.varint()
    const code = reader.byte()
    const channel = channels[code & 15]
    const end = lineEnds[(code & ~fileMark) >> 4]
    if (channel === undefined || end === undefined) {
      throw damaged(`group ${index} has the unknown channel code ${code}`)
    }
    time += unzigzag(reader.varint())
    const lines = reader.varint()
    if (lines === 0) throw damaged(`group ${index} has no line`)
    const head = { task, channel, time, count: lines, end, length: reader.varint() }
    heads.push((code & fileMark) === 0 ? head : { ...head, file: readFile(reader, files) })
  }
  return heads
}

/** The file whose number stands next; a new one joins the files known so far. */
function readFile(reader: Reader, files: string[]): string {
  const number = reader.varint()
  if (number > files.length) throw damaged(`it names file ${number} of ${files.length}`)
  if (number === files.length) files.push(reader.text(reader.varint()))
  return files[number] ?? ''
}

/** The files of one batch while it is written, by their names. */
class FileNumbers {
  readonly #numbers = new Map<string, number>()

  /** Bytes of the file's mention, with its name when it comes for the first time. */
  bytesFor(file: string): number {
    const known = this.#numbers.get(file)
    if (known !== undefined) return varintBytes(known)
    const { length } = encoder.encode(file)
    const number = varintBytes(this.#numbers.size)
    this.#numbers.set(file, this.#numbers.size)
    return number + varintBytes(length) + length
  }

  write(target: Uint8Array, offset: number, file: string): number {
    const known = this.#numbers.get(file)
    if (known !== undefined) return writeVarint(target, offset, known)
    const name = encoder.encode(file)
    const at = writeVarint(target, writeVarint(target, offset, this.#numbers.size), name.length)
    this.#numbers.set(file, this.#numbers.size)
    target.set(name, at)
    return at + name.length
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

class Reader {
  at = 0
  readonly #source: Uint8Array

  constructor(source: Uint8Array) {
    this.#source = source
  }

  get left(): number {
    return this.#source.length - this.at
  }

  byte(): number {
    const value = this.#source[this.at++]
    if (value === undefined) throw damaged('it ends within a head')
    return value
  }

  text(length: number): string {
    if (length > this.left) throw damaged('it ends within a file name')
    this.at += length
    return decoder.decode(this.#source.subarray(this.at - length, this.at))
  }

  varint(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.byte()
      value += (byte & 127) * scale
      if (value > Number.MAX_SAFE_INTEGER) throw damaged('a number in a head is too large')
      if (byte < 128) return value
      scale *= 128
    }
  }
}

function writeVarint(target: Uint8Array, offset: number, value: number): number {
  let at = offset
  let rest = value
  // Beyond 31 bits the bit operators do not reach.
  while (rest > 0x7fffffff) {
    target[at++] = (rest % 128) | 128
    rest = Math.floor(rest / 128)
  }
  while (rest > 127) {
    target[at++] = (rest & 127) | 128
    rest >>>= 7
  }
  target[at++] = rest
  return at
}

function varintBytes(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new AppError('internal', `A batch holds the number ${value}, which cannot be stored.`)
  }
  let bytes = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) bytes++
  return bytes
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

function damaged(why: string): AppError {
  return new AppError('store-failed', `A stored batch is damaged: ${why}.`)
}
