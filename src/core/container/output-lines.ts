/** Lines of one channel of a container's output, without what the engine has put between their parts. */
import { joinBytes } from '../lines/join-bytes.ts'
import { LineSplitter } from '../lines/line-splitter.ts'
import { type LogStamp, parseStamp, stampOf } from './log-stamp.ts'

export type OutputLine =
  | { readonly kind: 'line'; readonly stamp: LogStamp; readonly bytes: Uint8Array }
  /** Without a stamp: the engine itself has said it. */
  | { readonly kind: 'word'; readonly bytes: Uint8Array }

/** Where an engine puts stamps inside a line that it has kept in parts. */
export type Engine = 'docker' | 'podman'

/** Incremental: the same lines come however the bytes are cut. What has no end yet is held back. */
export class OutputLines {
  readonly #engine: Engine
  readonly #lines = new LineSplitter()
  #segments: Uint8Array[] = []
  #segmentBytes = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  push(bytes: Uint8Array): OutputLine[] {
    const found: OutputLine[] = []
    for (const slab of this.#lines.push(bytes)) {
      if (slab.end === 'continued') this.#keep(slab.bytes.slice())
      else
        for (const line of splitLines(this.#whole(slab.bytes)))
          found.push(outputLine(line, this.#engine))
    }
    return found
  }

  #keep(segment: Uint8Array): void {
    this.#segmentBytes += segment.length
    // A longer line is cut there: what follows of it would fill the memory.
    if (this.#segmentBytes <= lineBytesMax) this.#segments.push(segment)
  }

  #whole(bytes: Uint8Array): Uint8Array {
    if (this.#segments.length === 0) return bytes
    const joined = joinBytes([...this.#segments, bytes])
    this.#segments = []
    this.#segmentBytes = 0
    return joined
  }
}

function outputLine(line: Uint8Array, engine: Engine): OutputLine {
  const stamped = parseStamp(line)
  if (stamped === undefined) return { kind: 'word', bytes: line }
  const { stamp } = stamped
  const text = line.subarray(stamped.textFrom)
  const bytes = engine === 'docker' ? joinEqualParts(text) : joinOwnParts(text, stamp)
  return { kind: 'line', stamp, bytes }
}

/** Docker keeps a long line in parts of 16 KiB, and puts a stamp before each. */
function joinEqualParts(text: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  let rest = text
  while (rest.length > dockerPartBytes) {
    const stamped = parseStamp(rest.subarray(dockerPartBytes))
    if (stamped === undefined) break
    parts.push(rest.subarray(0, dockerPartBytes))
    rest = rest.subarray(dockerPartBytes + stamped.textFrom)
  }
  return parts.length === 0 ? text : joinBytes([...parts, rest])
}

/**
 * Podman puts one before each part that it has read by itself, wherever that began. What a program
 * prints as a time was there before its line was read, so it is older than the line's own stamp; and
 * a time in the far future is none of Podman's.
 */
function joinOwnParts(text: Uint8Array, stamp: LogStamp): Uint8Array {
  const last = stampOf(Number(stamp.slice(0, -10)) + partSecondsMax)
  const parts: Uint8Array[] = []
  let from = 0
  for (let at = text.indexOf(letterT, 10); at >= 0; at = text.indexOf(letterT, at + 1)) {
    const begin = at - dateBytes
    const found = begin < from ? undefined : parseStamp(text.subarray(begin))
    if (found === undefined || found.stamp < stamp || found.stamp > last) continue
    parts.push(text.subarray(from, begin))
    from = begin + found.textFrom
  }
  return parts.length === 0 ? text : joinBytes([...parts, text.subarray(from)])
}

function* splitLines(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(newline, at)
    yield bytes.subarray(at, end + 1)
    at = end + 1
  }
}

const newline = 10
const dockerPartBytes = 16_384
/** The T of a stamp, and what stands before it. */
const letterT = 0x54
const dateBytes = 10
/** A program that takes longer for one line is rare, and its line only keeps a stamp then. */
const partSecondsMax = 600
const lineBytesMax = 16 * 1024 * 1024
