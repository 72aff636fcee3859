/** What is stored with the lines of a command's task, for who takes it over: how its output ends, and its group. */
import type { HeldGroup } from './modes/run-mode.ts'

export interface CommandProgress {
  /** The last bytes of each stream that are stored, `tailBytesMax` of them at most. */
  readonly out?: Uint8Array
  readonly err?: Uint8Array
  /** Of a command that ends with its session: what a dead network may leave on its host. */
  readonly group?: HeldGroup
}

/** Undefined while there is nothing to keep. */
export function encodeCommand({ out, err, group }: CommandProgress): string | undefined {
  if (out === undefined && err === undefined && group === undefined) return undefined
  return JSON.stringify({ out: out && textOf(out), err: err && textOf(err), group })
}

/** Of a text of this or an earlier process; empty for what is not such a text. */
export function decodeCommand(text: string | undefined): CommandProgress {
  const value = parseJson(text ?? '')
  if (typeof value !== 'object' || value === null) return {}
  const out = 'out' in value ? bytesOf(value.out) : undefined
  const err = 'err' in value ? bytesOf(value.err) : undefined
  const group = 'group' in value ? groupOf(value.group) : undefined
  return {
    ...(out === undefined ? {} : { out }),
    ...(err === undefined ? {} : { err }),
    ...(group === undefined ? {} : { group }),
  }
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
