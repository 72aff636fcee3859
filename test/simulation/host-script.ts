/** What a simulated host understands of the real scripts: which task, from which byte, and whether to start it. */

import type { FileEnd } from '../../src/core/remote/durable-follow.ts'
import type { SourceChannel } from '../../src/shared/channel.ts'

export type HostScript =
  | {
      readonly kind: 'durable'
      readonly name: string
      readonly nonce: string
      /** Null: it must not be started now. */
      readonly command: string | null
      readonly outBytes: number
      readonly errBytes: number
      /** What must stand before these bytes. */
      readonly ends: Readonly<Partial<Record<SourceChannel, FileEnd>>>
    }
  | {
      readonly kind: 'stop'
      readonly name: string
      readonly nonce: string
      readonly graceMs: number
    }
  | {
      readonly kind: 'remove'
      readonly name: string
      readonly nonce: string
      readonly isShut: boolean
    }

/** Throws for a script that is none of these: then the scripts have changed and this file has not. */
export function readHostScript(script: string): HostScript {
  const name = found(script, /\/farglass\/runs\/([a-z0-9.]+)\}/)
  const nonce = found(script, /printf '\\036([a-z0-9]+) /)
  if (script.includes('kill -TERM "-$_fg_group"')) {
    return {
      kind: 'stop',
      name,
      nonce,
      graceMs: 100 * Number(found(script, /^_fg_wait ([0-9]+) [0-9]+$/m)),
    }
  }
  const removal = /^! _fg_look \|\| _fg_remove (.*)$/m.exec(script)
  if (removal !== null) return { kind: 'remove', name, nonce, isShut: removal[1] === 'shut' }
  const offsets = /^_fg_o=([0-9]+) _fg_e=([0-9]+) /m.exec(script)
  if (offsets === null) throw new Error('The simulated host does not know this script.')
  const leader = /^_fg_t=('(?:[^']|'\\'')*')$/m.exec(script)?.[1] ?? null
  const command = leader === null ? null : unquoted(found(unquoted(leader), ofLeader))
  return {
    kind: 'durable',
    name,
    nonce,
    command,
    outBytes: Number(offsets[1]),
    errBytes: Number(offsets[2]),
    ends: { ...endIn(script, 'out'), ...endIn(script, 'err') },
  }
}

const ofLeader = /^\{ _fg_c=('(?:[^']|'\\'')*')$/m

/** The text that is one word of sh. */
function unquoted(word: string): string {
  return word.slice(1, -1).replaceAll("'\\''", "'")
}

function endIn(script: string, channel: SourceChannel): Partial<Record<SourceChannel, FileEnd>> {
  const proof = new RegExp(`^elif _fg_other ${channel} "[^"]*" ([0-9]+) ([0-9]+);`, 'm')
  const [, bytes, sum] = proof.exec(script) ?? []
  return bytes === undefined ? {} : { [channel]: { bytes: Number(bytes), sum: Number(sum) } }
}

function found(script: string, pattern: RegExp): string {
  const value = pattern.exec(script)?.[1]
  if (value === undefined) throw new Error(`The simulated host finds no ${String(pattern)}.`)
  return value
}
