/** What is stored with the lines of a command's task, for who takes it over: how its output ends, and its group. */
import type { SourceChannel } from '../../shared/channel.ts'
import type { FileEnd } from '../remote/durable-follow.ts'
import { posixSum } from '../remote/posix-sum.ts'
import type { HeldGroup } from './modes/run-mode.ts'

export interface CommandProgress {
  /** The last bytes of each stream that are stored, `tailBytesMax` of them at most. */
  readonly out?: Uint8Array
  readonly err?: Uint8Array
  /** The same of a run with secrets: no byte of the source is kept, as there may be one among them. */
  readonly hidden?: { readonly out?: HiddenEnd; readonly err?: HiddenEnd }
  /** Of a command that ends with its session: what a dead network may leave on its host. */
  readonly group?: HeldGroup
}

/** How a stream ends whose secrets are hidden. */
export interface HiddenEnd extends FileEnd {
  /** So many of the next bytes belong to a secret that has begun. */
  readonly carry: number
}

/** What must stand in the file before the next byte; undefined while that is not known. */
export function endOf(
  { hidden, ...kept }: CommandProgress,
  channel: SourceChannel,
): FileEnd | undefined {
  const tail = kept[channel]
  return tail === undefined ? hidden?.[channel] : { bytes: tail.length, sum: posixSum(tail) }
}

/** Undefined while there is nothing to keep. */
export function encodeCommand(progress: CommandProgress): string | undefined {
  const { out, err, hidden, group } = progress
  if ([out, err, hidden, group].every((part) => part === undefined)) return undefined
  return JSON.stringify({ out: out && textOf(out), err: err && textOf(err), hidden, group })
}

/** Of a text of this or an earlier process; empty for what is not such a text. */
export function decodeCommand(text: string | undefined): CommandProgress {
  const value = parseJson(text ?? '')
  if (typeof value !== 'object' || value === null) return {}
  const out = 'out' in value ? bytesOf(value.out) : undefined
  const err = 'err' in value ? bytesOf(value.err) : undefined
  const group = 'group' in value ? groupOf(value.group) : undefined
  const hidden = 'hidden' in value ? hiddenOf(value.hidden) : undefined
  return {
    ...(out === undefined ? {} : { out }),
    ...(err === undefined ? {} : { err }),
    ...(hidden === undefined ? {} : { hidden }),
    ...(group === undefined ? {} : { group }),
  }
}

function hiddenOf(value: unknown): CommandProgress['hidden'] {
  if (typeof value !== 'object' || value === null) return undefined
  const out = 'out' in value ? hiddenEndOf(value.out) : undefined
  const err = 'err' in value ? hiddenEndOf(value.err) : undefined
  return { ...(out === undefined ? {} : { out }), ...(err === undefined ? {} : { err }) }
}

function hiddenEndOf(value: unknown): HiddenEnd | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (!('bytes' in value && 'sum' in value && 'carry' in value)) return undefined
  const { bytes, sum, carry } = value
  if (!isCount(bytes) || !isCount(sum) || !isCount(carry)) return undefined
  return { bytes, sum, carry }
}

/** One character for each byte: output is text nearly always, and then stays as short as it is. */
function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

function bytesOf(text: unknown): Uint8Array | undefined {
  if (typeof text !== 'string') return undefined
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0)
  return codes.every((code) => code < 256) ? Uint8Array.from(codes) : undefined
}

function groupOf(value: unknown): HeldGroup | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (!('pid' in value && 'watchdog' in value && 'since' in value && 'boot' in value)) return
  const { pid, watchdog, since, boot } = value
  if (!isCount(pid) || !isCount(watchdog) || !isCount(since) || !isCount(boot)) return undefined
  return { pid, watchdog, since, boot }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
