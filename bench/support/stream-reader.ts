/** The cheapest honest reader of a run's stream: finds the events, checks that positions leave no hole. */
import type { Histogram } from './histogram.ts'

const frameEnd = Buffer.from('\n\n')
const stampMark = 0x40 // '@' opens every timed line, and nothing else holds one.

export class StreamReader {
  /** The cursor: positions from 0 to here were seen, each once. */
  cursor = 0
  holes = 0
  /** Events with lines. */
  batches = 0
  ended = false
  firstLinesAtMs: number | null = null
  /** When the cursor reached half of `wanted`: what came before the lines is behind it then. */
  halfAtMs: number | null = null
  /** When the cursor reached `wanted`. */
  reachedAtMs: number | null = null
  /** What the server said of the run with `end`. */
  runLines: number | null = null
  readonly latency: Histogram | null
  readonly #wanted: number
  #rest: Buffer = Buffer.alloc(0)

  /** `latency`: find the time stamp of every line too, which costs a scan of all the bytes. */
  constructor(options: { wanted: number; latency: Histogram | null }) {
    this.#wanted = options.wanted
    this.latency = options.latency
  }

  take(chunk: Buffer): void {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    for (let end = bytes.indexOf(frameEnd); end >= 0; end = bytes.indexOf(frameEnd)) {
      this.#takeFrame(bytes.subarray(0, end))
      bytes = bytes.subarray(end + frameEnd.length)
    }
    this.#rest = bytes
  }

  #takeFrame(frame: Buffer): void {
    const head = frame.toString('latin1', 0, 200)
    const kind = /^event: ?(\w+)/m.exec(head)?.[1]
    if (kind === 'lines') this.#takeLines(frame, head)
    if (kind === 'end') this.#takeEnd(frame)
  }

  #takeLines(frame: Buffer, head: string): void {
    const pos = Number(/"pos":(\d+)/.exec(head)?.[1])
    const next = Number(/"next":(\d+)/.exec(head)?.[1])
    if (pos !== this.cursor || !(next > pos)) this.holes += 1
    this.cursor = next
    this.batches += 1
    const nowMs = monotonicMs()
    this.firstLinesAtMs ??= nowMs
    if (next >= this.#wanted / 2) this.halfAtMs ??= nowMs
    if (next >= this.#wanted) this.reachedAtMs ??= nowMs
    if (this.latency) takeStamps(frame, this.latency)
  }

  #takeEnd(frame: Buffer): void {
    this.ended = true
    const text = frame.toString()
    const data = /^data: ?(.*)$/m.exec(text)?.[1] ?? '{}'
    const { run } = JSON.parse(data) as { run?: { lines?: number } }
    this.runLines = run?.lines ?? null
  }
}

/** The same clock in every process of the machine. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Adds the age of every `@<nanoseconds> ` in the bytes. */
export function takeStamps(bytes: Buffer, into: Histogram): void {
  const nowNs = Number(process.hrtime.bigint())
  for (let at = bytes.indexOf(stampMark); at >= 0; at = bytes.indexOf(stampMark, at + 1)) {
    into.add((nowNs - leadingNumber(bytes, at + 1)) / 1e6)
  }
}

/** When the newest timed line in the bytes was written; 0 without one. A stamp that is cut counts as older. */
export function newestStampMs(bytes: Buffer): number {
  const at = bytes.lastIndexOf(stampMark)
  return at < 0 ? 0 : leadingNumber(bytes, at + 1) / 1e6
}

function leadingNumber(bytes: Buffer, start: number): number {
  let value = 0
  for (let at = start; at < bytes.length; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  return value
}
