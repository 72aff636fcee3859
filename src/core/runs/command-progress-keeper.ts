/** Keeps what is stored with the lines of one command's task, as its output comes. */
import type { SourceChannel } from '../../shared/channel.ts'
import { joinTail } from '../files/file-position.ts'
import { type CommandProgress, decodeCommand, encodeCommand } from './command-progress.ts'
import type { HeldGroup } from './modes/run-mode.ts'

export class CommandProgressKeeper {
  #kept: CommandProgress

  /** `progress`: of an earlier process. */
  constructor(progress: string | undefined) {
    this.#kept = decodeCommand(progress)
  }

  get progress(): string | undefined {
    return encodeCommand(this.#kept)
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

  /** It goes on at another byte, before which nobody knows what stands. */
  moved(channel: SourceChannel): void {
    const { [channel]: _, ...others } = this.#kept
    this.#kept = others
  }
}

const nothing = new Uint8Array(0)
