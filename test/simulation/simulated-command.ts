/** A command as a plan: what it writes to which channel and when, how it ends, and what it does at TERM. */
import type { SourceChannel } from '../../src/shared/channel.ts'
import type { SeededRandom } from '../support/seeded-random.ts'

export interface CommandPlan {
  readonly writes: readonly PlannedWrite[]
  /** Milliseconds after the start. */
  readonly endsAtMs: number
  readonly code: number
  /** Ends by itself this long after TERM; null: only KILL ends it. */
  readonly termMs: number | null
}

export interface PlannedWrite {
  readonly atMs: number
  readonly channel: SourceChannel
  readonly bytes: Uint8Array
}

/** `label` is in each line, so that no two lines of a simulation are the same by chance. */
export function planCommand(random: SeededRandom, label: string): CommandPlan {
  const count = random.pick([0, 1, 4, 12, 30] as const)
  const longestMs = random.pick([1, 200, 8_000, 25_000] as const)
  const times = Array.from({ length: count }, () => random.next() * longestMs)
  times.sort((one, other) => one - other)
  const writes = times.map((atMs, number): PlannedWrite => {
    const channel = random.next() < 0.6 ? 'out' : 'err'
    return { atMs, channel, bytes: encoder.encode(textOf(random, `${label} ${number}`)) }
  })
  return {
    writes,
    endsAtMs: (times.at(-1) ?? 0) + random.next() * random.pick([1, 500, 5_000] as const),
    code: random.pick([0, 0, 0, 1, 7, 255] as const),
    termMs: random.pick([5, 80, 3_000, null] as const),
  }
}

/** Whole lines, halves of lines, several at once; with what a wrapper or a splitter may stumble over. */
function textOf(random: SeededRandom, label: string): string {
  const lines = Array.from({ length: random.pick([1, 1, 1, 2, 9] as const) }, (_, at) => {
    return `${label}.${at} ${random.pick(tails)}`
  })
  return lines.join('\n') + (random.next() < 0.8 ? '\n' : '')
}

const tails = [
  'plain',
  '',
  'é漢🙂 in UTF-8',
  'a CR\r',
  '\r10%\r20%',
  'a bell \u0007 and a separator \u001e',
  '\u001en0000000001 exit 0',
  '\u001en',
  'long '.repeat(30),
  'é'.repeat(70),
] as const

const encoder = new TextEncoder()
