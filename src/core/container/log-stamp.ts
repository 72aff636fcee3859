/** The stamps that Docker and Podman put before the lines of a container, to the nanosecond. */

import { isoTime, parseTime } from '../../shared/time.ts'

/** Seconds since 1970 and nanoseconds as digits of fixed length: in the order of time as a text too. */
export type LogStamp = string

export interface StampedLine {
  readonly stamp: LogStamp
  /** Where the text begins. */
  readonly textFrom: number
}

/** The stamp of RFC 3339 that a line begins with; undefined for a word of the engine itself. */
export function parseStamp(line: Uint8Array): StampedLine | undefined {
  const head = decoder.decode(line.subarray(0, stampBytesMax))
  const match = pattern.exec(head)
  if (match === null) return undefined
  const [whole, second = '', fraction = '', zone = ''] = match
  const ms = parseTime(`${second}${zone}`)
  if (!Number.isFinite(ms) || ms < 0) return undefined
  return { stamp: stampOf(ms / 1_000, fraction), textFrom: whole.length }
}

/** Of a whole second. */
export function stampOf(seconds: number, fraction = ''): LogStamp {
  return `${String(seconds).padStart(secondDigits, '0')}.${fraction.padEnd(9, '0')}`
}

/** What `--since` takes, a nanosecond before: Podman gives what is later, Docker what is not earlier. */
export function sinceOf(stamp: LogStamp): string {
  const nanos = BigInt(stamp.replace('.', '')) - 1n
  const seconds = Number(nanos / billion)
  const fraction = String(nanos % billion).padStart(9, '0')
  return `${isoTime(seconds * 1_000).slice(0, 19)}.${fraction}Z`
}

export function isStamp(text: string): boolean {
  return /^[0-9]{12}\.[0-9]{9}$/.test(text)
}

const pattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) /
const stampBytesMax = 40
const secondDigits = 12
const billion = 1_000_000_000n
const decoder = new TextDecoder('latin1')
