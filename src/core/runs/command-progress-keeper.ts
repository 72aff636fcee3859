/** Keeps what is stored with the lines of one command's task, as its output comes. */
import type { SourceChannel } from '../../shared/channel.ts'
import { joinTail } from '../files/file-position.ts'
import { type CommandProgress, decodeCommand, encodeCommand, endOf } from './command-progress.ts'
import type { HiddenSource } from './masked-lines.ts'
import type { HeldGroup } from './modes/run-mode.ts'

export class CommandProgressKeeper {
  #kept: CommandProgress
  /** The last bytes of a run with secrets, which this process alone may know. */
  #tails: Partial<Record<SourceChannel, Uint8Array>> = {}

  /** `progress`: of an earlier process. */
  constructor(progress: string | undefined) {
    this.#kept = decodeCommand(progress)
  }

  get progress(): string | undefined {
    return encodeCommand(this.#kept)
  }

  /** See HiddenSource, of what was stored last. */
  carry(channel: SourceChannel): number {
    return this.#kept.hidden?.[channel]?.carry ?? 0
  }

  /** It ends with its session, and its output is never read on: the group is all that is kept. */
  holds(group: HeldGroup): void {
    this.#kept = { group }
  }

  read(channel: SourceChannel, bytes: Uint8Array): void {
    if (this.#kept.group !== undefined || bytes.length === 0) return
    const tail = joinTail(this.#kept[channel] ?? nothing, bytes)
    this.#kept = { ...this.#kept, [channel]: tail }
  }

  /** The same of a run with secrets. */
  readHidden(channel: SourceChannel, { bytes, carry }: HiddenSource): void {
    if (this.#kept.group !== undefined || bytes.length === 0) return
    const tail = joinTail(this.#tails[channel] ?? nothing, bytes)
    this.#tails = { ...this.#tails, [channel]: tail }
    const end = endOf({ out: tail }, 'out')
    if (end === undefined) return
    const hidden = { ...this.#kept.hidden, [channel]: { ...end, carry } }
    this.#kept = { ...this.#kept, hidden }
  }

  /** It goes on at another byte, before which nobody knows what stands. */
  moved(channel: SourceChannel): void {
    const { [channel]: _, hidden, ...others } = this.#kept
    const { [channel]: _end, ...hiddenOthers } = hidden ?? {}
    this.#kept = { ...others, ...(hidden === undefined ? {} : { hidden: hiddenOthers }) }
    delete this.#tails[channel]
  }
}

const nothing = new Uint8Array(0)
