/** Takes the frames of the follow script out of its stdout, however the bytes are cut. */

import { limits } from '../../shared/limits.ts'
import { overlapBytes } from './follow-look.ts'

export type FollowFrame =
  | { readonly kind: 'home'; readonly path: string }
  | { readonly kind: 'entry'; readonly id: number; readonly entry: FileEntry }
  | { readonly kind: 'unreadable'; readonly id: number; readonly path: string }
  /** `refused`: names with a newline, which cannot be followed. */
  | { readonly kind: 'end'; readonly id: number; readonly refused: number }
  | { readonly kind: 'total'; readonly id: number; readonly bytes: number }
  | { readonly kind: 'data'; readonly id: number; readonly part: DataPart }
  /** The last `data` of this id counts, or does not: the file changed while it was read. */
  | { readonly kind: 'keep' | 'drop'; readonly id: number }
  | { readonly kind: 'changed'; readonly id: number; readonly state: FileFacts }
  | { readonly kind: 'matches'; readonly id: number }
  /** Not our protocol. Nothing after it is read. */
  | { readonly kind: 'broken'; readonly why: string }

/** As the host's `stat` gives them; inode `0` means that there is no such file. */
export interface FileFacts {
  readonly inode: string
  readonly size: number
  /** Last change in seconds since 1970, by the host's clock. */
  readonly modified: number
}

export interface FileEntry extends FileFacts {
  readonly path: string
}

export interface DataPart extends FileFacts {
  /** Offset in the file of the first byte. */
  readonly from: number
  /** So many of the bytes were sent before: what they should be is known. */
  readonly overlap: number
  readonly bytes: Uint8Array
}

/**
 * Incremental. What comes before the `ready` mark are words of the host (a login script that prints)
 * and is skipped, up to `wordsBytesMax`. Holds at most one frame.
 */
export class FollowFrames {
  readonly #ready: Uint8Array
  #state: 'words' | 'frames' | 'broken' = 'words'
  #line = nothing
  #skipped = 0
  #data: { head: DataHead; bytes: Uint8Array; have: number } | null = null

  constructor(nonce: string) {
    this.#ready = encoder.encode(`\u001e${nonce} ready`)
  }

  /** Whether the script has begun to answer. */
  get isReady(): boolean {
    return this.#state !== 'words'
  }

  push(chunk: Uint8Array): FollowFrame[] {
    const frames: FollowFrame[] = []
    let at = 0
    while (at < chunk.length && this.#state !== 'broken') {
      at = this.#data === null ? this.#takeLine(chunk, at, frames) : this.#fill(chunk, at, frames)
    }
    return frames
  }

  /** Collects up to a newline. Gives the index after what it took. */
  #takeLine(chunk: Uint8Array, at: number, frames: FollowFrame[]): number {
    const end = chunk.indexOf(newline, at)
    const upTo = end < 0 ? chunk.length : end
    const line = join(this.#line, chunk.subarray(at, upTo))
    if (line.length > lineBytesMax) {
      this.#break('A line is too long.', frames)
      return chunk.length
    }
    if (end < 0) {
      this.#line = line
      return chunk.length
    }
    this.#line = nothing
    if (this.#state === 'words') this.#word(line, frames)
    else this.#frame(line, frames)
    return end + 1
  }

  #word(line: Uint8Array, frames: FollowFrame[]): void {
    // A login script may have left its last line without a newline.
    if (endsWith(line, this.#ready)) this.#state = 'frames'
    this.#skipped += line.length + 1
    if (this.#skipped > wordsBytesMax) this.#break('The host did not answer to the script.', frames)
  }

  #frame(line: Uint8Array, frames: FollowFrame[]): void {
    const text = decoder.decode(line)
    const head = parseData(text)
    if (head === null) {
      const frame = parseFrame(text)
      if (frame === null) this.#break('The host sent what is not of the protocol.', frames)
      else frames.push(frame)
      return
    }
    this.#data = { head, bytes: new Uint8Array(head.count), have: 0 }
    if (head.count === 0) this.#finish(frames)
  }

  #fill(chunk: Uint8Array, at: number, frames: FollowFrame[]): number {
    const data = this.#data
    if (data === null) return at
    const piece = chunk.subarray(at, at + data.bytes.length - data.have)
    data.bytes.set(piece, data.have)
    data.have += piece.length
    if (data.have === data.bytes.length) this.#finish(frames)
    return at + piece.length
  }

  #finish(frames: FollowFrame[]): void {
    if (this.#data === null) return
    const { head, bytes } = this.#data
    const { id, count: _, ...facts } = head
    frames.push({ kind: 'data', id, part: { ...facts, bytes } })
    this.#data = null
  }

  #break(why: string, frames: FollowFrame[]): void {
    this.#state = 'broken'
    this.#line = nothing
    frames.push({ kind: 'broken', why })
  }
}

interface DataHead extends FileFacts {
  readonly id: number
  readonly from: number
  readonly overlap: number
  readonly count: number
}

const newline = 10
const nothing: Uint8Array = new Uint8Array(0)
/** The longest path that a host can have is 4,096 bytes. */
const lineBytesMax = 8 * 1024
/** A banner of a login script is a screen or two. */
const wordsBytesMax = 64 * 1024
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const dataLine =
  /^@d (\d{1,9}) (\d{1,20}) (\d{1,15}) (\d{1,15}(?:\.\d{1,9})?) (\d{1,15}) (\d{1,3}) (\d{1,6})$/
const entryLine = /^@e (\d{1,9}) (\d{1,20}) (\d{1,15}) (\d{1,15}(?:\.\d{1,9})?) (.+)\|$/
const changedLine = /^@s (\d{1,9}) (\d{1,20}) (\d{1,15}) (\d{1,15}(?:\.\d{1,9})?)$/
const pathLine = /^@(h|u (\d{1,9})) (.*)\|$/
const shortLine = /^@([kxgz.]) (\d{1,9})(?: (\d{1,15}))?$/

function parseData(text: string): DataHead | null {
  const match = dataLine.exec(text)
  if (match === null) return null
  const [, id, inode = '0', ...rest] = match
  const [size = 0, modified = 0, from = 0, overlap = 0, count = 0] = rest.map(Number)
  if (count > limits.followFrameBytesMax + overlapBytes || overlap > count) return null
  return { id: Number(id), inode, size, modified, from, overlap, count }
}

function parseFrame(text: string): FollowFrame | null {
  const entry = entryLine.exec(text)
  if (entry !== null) {
    return { kind: 'entry', id: Number(entry[1]), entry: { ...facts(entry), path: entry[5] ?? '' } }
  }
  const changed = changedLine.exec(text)
  if (changed !== null) return { kind: 'changed', id: Number(changed[1]), state: facts(changed) }
  const path = pathLine.exec(text)
  if (path !== null) {
    return path[1] === 'h'
      ? { kind: 'home', path: path[3] ?? '' }
      : { kind: 'unreadable', id: Number(path[2]), path: path[3] ?? '' }
  }
  return parseShort(text)
}

function parseShort(text: string): FollowFrame | null {
  const match = shortLine.exec(text)
  if (match === null) return null
  const id = Number(match[2])
  const value = Number(match[3] ?? 0)
  switch (match[1] ?? '') {
    case 'k':
      return { kind: 'keep', id }
    case 'x':
      return { kind: 'drop', id }
    case 'g':
      return { kind: 'matches', id }
    case 'z':
      return { kind: 'total', id, bytes: value }
    default:
      return { kind: 'end', id, refused: value }
  }
}

function facts(match: RegExpExecArray): FileFacts {
  return { inode: match[2] ?? '0', size: Number(match[3]), modified: Number(match[4]) }
}

function endsWith(line: Uint8Array, end: Uint8Array): boolean {
  const from = line.length - end.length
  return from >= 0 && end.every((byte, at) => line[from + at] === byte)
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}
