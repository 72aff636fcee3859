/** Where the reading of a container's output stands: per channel the last stamp, and how many lines have it. */
import { isStamp, type LogStamp } from './log-stamp.ts'

export interface ContainerProgress {
  /** The first 48 bits of its id: under the same name another container may stand later. */
  readonly container: number
  readonly out: ChannelPlace
  readonly err: ChannelPlace
}

/** All lines with an earlier stamp are stored, and `count` of those with this one. */
export interface ChannelPlace {
  readonly stamp: LogStamp
  readonly count: number
  /** Of the lines before those; left out where nothing is known of such. */
  readonly before?: LogStamp
}

export function encodeContainerProgress(progress: ContainerProgress): string {
  return JSON.stringify(progress)
}

/** Undefined for what is not such a text. */
export function decodeContainerProgress(text: string): ContainerProgress | undefined {
  const value = parsed(text)
  if (typeof value !== 'object' || value === null) return undefined
  if (!('container' in value && 'out' in value && 'err' in value)) return undefined
  const { container, out, err } = value
  if (!isCount(container) || !isPlace(out) || !isPlace(err)) return undefined
  return { container, out, err }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isPlace(value: unknown): value is ChannelPlace {
  if (typeof value !== 'object' || value === null) return false
  if (!('stamp' in value && 'count' in value)) return false
  if ('before' in value && !(typeof value.before === 'string' && isStamp(value.before)))
    return false
  return typeof value.stamp === 'string' && isStamp(value.stamp) && isCount(value.count)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
