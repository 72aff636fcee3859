/**
 * Says what is wrong with what a reader has seen. It knows the promise and nothing of the
 * implementation: positions dense and each once, bytes of each channel as they were written.
 */
import { createHash } from 'node:crypto'

/** One line as a reader got it. `text` without its newline. */
export interface SeenLine {
  readonly pos: number
  readonly task: number
  readonly channel: string
  readonly text: string
  /** `unterminated` and `continued` lines have no newline in the source. */
  readonly end?: string
}

/** What one reader got, in the order in which it came. */
export interface History {
  readonly who: string
  readonly lines: readonly SeenLine[]
}

/** What was written on the host: the bytes of each channel. */
export interface WrittenTruth {
  readonly out: Uint8Array
  readonly err: Uint8Array
}

/** Every fault as a sentence; nothing when the history keeps the promise. */
export function faultsOf(history: History, truth: WrittenTruth): string[] {
  const told = (fault: string) => `${history.who}: ${fault}`
  return [
    ...positionFaults(history.lines),
    ...gapFaults(history.lines),
    ...channelFaults('out', history.lines, truth.out),
    ...channelFaults('err', history.lines, truth.err),
  ].map(told)
}

/** Whether two readers got the same line at every position that both have. */
export function differencesOf(one: History, other: History): string[] {
  const known = new Map(one.lines.map((line) => [line.pos, contentOf(line)]))
  const wrong = other.lines.find((line) => {
    const content = known.get(line.pos)
    return content !== undefined && content !== contentOf(line)
  })
  if (wrong === undefined) return []
  return [
    `position ${wrong.pos} is ${known.get(wrong.pos)} for ${one.who} and ${contentOf(wrong)} for ${other.who}`,
  ]
}

export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The bytes of one channel as the lines make them. */
export function bytesOf(lines: readonly SeenLine[], channel: string): Buffer {
  const parts = lines
    .filter((line) => line.channel === channel)
    .map((line) => (line.end === undefined ? `${line.text}\n` : line.text))
  return Buffer.from(parts.join(''))
}

function positionFaults(lines: readonly SeenLine[]): string[] {
  const faults: string[] = []
  lines.forEach(({ pos }, at) => {
    if (pos === at || faults.length >= 3) return
    const before = at === 0 ? 'at the beginning' : `after position ${lines[at - 1]?.pos ?? -1}`
    if (pos !== (lines[at - 1]?.pos ?? -1) + 1) faults.push(`position ${pos} comes ${before}`)
  })
  return faults
}

/** A gap that is told is honest, and still not what was promised. */
function gapFaults(lines: readonly SeenLine[]): string[] {
  const gap = lines.find(({ channel, text }) => channel === 'note' && text.startsWith('gap'))
  return gap === undefined ? [] : [`a gap is told at position ${gap.pos}: ${gap.text}`]
}

function channelFaults(channel: string, lines: readonly SeenLine[], written: Uint8Array): string[] {
  const seen = bytesOf(lines, channel)
  if (sha256Of(seen) === sha256Of(written)) return []
  let same = 0
  while (same < seen.length && same < written.length && seen[same] === written[same]) same += 1
  const excerpt = (bytes: Uint8Array) =>
    JSON.stringify(Buffer.from(bytes.subarray(Math.max(0, same - 20), same + 40)).toString())
  return [
    `${channel} has ${seen.length} bytes of ${written.length} and differs from byte ${same} on: ` +
      `seen ${excerpt(seen)}, written ${excerpt(written)}`,
  ]
}

function contentOf({ task, channel, text, end }: SeenLine): string {
  return JSON.stringify([task, channel, text, end ?? 'newline'])
}
