/** Turns a task's bytes into stored lines, and shows its unfinished lines. */
import type { SourceChannel } from '../../shared/channel.ts'
import { limits } from '../../shared/limits.ts'
import type { Source, Task } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import type { RunFeed } from '../feed/run-feed.ts'
import type { FileEvent } from '../files/file-event.ts'
import { LineSplitter } from '../lines/line-splitter.ts'
import type { RunSecrets } from '../secrets/run-secrets.ts'
import type { RunChange } from '../store/log-store.ts'
import { CommandProgressKeeper } from './command-progress-keeper.ts'
import { type FollowedEntries, FollowedOutput } from './followed-output.ts'
import { MaskedLines, type OutputSlab } from './masked-lines.ts'
import type { HeldGroup } from './modes/run-mode.ts'
import { type Gap, noteGroup, notes } from './notes.ts'
import type { RunWriter } from './run-writer.ts'
import { nextTask } from './task-state.ts'

export interface OutputParts {
  readonly source: Source
  readonly clock: Clock
  readonly writer: RunWriter
  readonly feed: RunFeed
  /** What must not be seen of the output. */
  readonly secrets?: RunSecrets
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export class TaskOutput {
  readonly #parts: OutputParts
  #cutters: Partial<Record<SourceChannel, LineSplitter | MaskedLines>> = {}
  readonly #partials: Record<SourceChannel, PartialShow> = { out: {}, err: {} }

  /** What comes of followed files. */
  readonly #followed: FollowedOutput
  /** What is kept of a command; null for what is followed. */
  readonly #command: CommandProgressKeeper | null

  /** `progress`: of an earlier process. */
  constructor(parts: OutputParts, progress?: string) {
    this.#parts = parts
    const isCommand = parts.source.kind === 'command'
    this.#command = isCommand ? new CommandProgressKeeper(progress) : null
    this.#followed = new FollowedOutput(parts, isCommand ? undefined : progress)
  }

  /** What must be known to go on after what was written; undefined while that is nothing. */
  get progress(): string | undefined {
    return this.#command === null ? this.#followed.progress : this.#command.progress
  }

  /** The command has started, and ends with its session when it has a group of its own there. */
  started(group: HeldGroup | undefined): void {
    if (group !== undefined) this.#command?.holds(group)
  }

  /** Whole lines, which are stored together with where it goes on after them. */
  entries(task: Task, entries: FollowedEntries): Task {
    return this.#followed.entries(task, entries)
  }

  follow(task: Task, event: FileEvent): Task {
    return this.#followed.take(task, event)
  }

  /** Writes the lines that the bytes complete. Gives the task with its new offsets. */
  push(task: Task, channel: SourceChannel, bytes: Uint8Array): Task {
    const cutter = this.#cutter(channel)
    const after = this.#write(task, channel, cutter.push(bytes))
    if (cutter.pendingBytes > 0) this.#showLater(task.id, channel)
    return after
  }

  /** Writes the last lines without newline, at the end of the output. */
  finish(task: Task): Task {
    let after = this.#followed.finish(task)
    for (const channel of ['out', 'err'] as const) {
      this.#partials[channel].cancel?.()
      after = this.#write(after, channel, this.#cutter(channel).finish())
    }
    return after
  }

  /** The source is read again from the last whole line on: what came of an unfinished one comes again. */
  restart(task: Task): Task {
    this.drop()
    this.#followed.restart()
    this.#cutters = {}
    for (const channel of ['out', 'err'] as const) {
      this.#parts.feed.setPartial({ task: task.id, channel, text: '' })
    }
    return task
  }

  /** Nothing more is shown or written of unfinished lines. */
  drop(): void {
    for (const channel of ['out', 'err'] as const) this.#partials[channel].cancel?.()
  }

  /** Writes what is missing as a row, after the unfinished line before it. */
  gap(task: Task, gap: Gap): Task {
    const { channel } = gap
    this.#partials[channel].cancel?.()
    const flushed = this.#write(task, channel, this.#cutter(channel).finish())
    const to = gap.to ?? gap.from ?? flushed[channel === 'out' ? 'outBytes' : 'errBytes']
    this.#command?.moved(channel)
    delete this.#cutters[channel]
    const after = nextTask(flushed, { kind: 'moved', channel, to })
    this.note(after, notes.gap(gap))
    return after
  }

  /** Writes a note; with it the task, and the run's end when it is the last row. */
  note(task: Task, text: string, state?: RunChange): void {
    const { progress } = this
    // It may quote what the host has said.
    const shown = this.#parts.secrets?.masked(text) ?? text
    this.#parts.writer.write({
      group: noteGroup(task.id, shown, this.#parts.clock.now()),
      task,
      ...(state === undefined ? {} : { state }),
      ...(progress === undefined ? {} : { progress }),
    })
  }

  /** Made when it is needed: what is to be hidden may become known only before the start. */
  #cutter(channel: SourceChannel): LineSplitter | MaskedLines {
    const { secrets } = this.#parts
    this.#cutters[channel] ??=
      secrets === undefined
        ? new LineSplitter()
        : new MaskedLines(secrets.patterns, this.#command?.carry(channel) ?? 0)
    return this.#cutters[channel]
  }

  #write(task: Task, channel: SourceChannel, slabs: readonly OutputSlab[]): Task {
    let after = task
    for (const { source, ...lines } of slabs) {
      const { bytes } = source ?? lines
      after = nextTask(after, { kind: 'read', channel, bytes: bytes.length })
      if (source === undefined) this.#command?.read(channel, bytes)
      else this.#command?.readHidden(channel, source)
      const { progress } = this
      this.#parts.writer.write({
        group: { task: task.id, channel, time: this.#parts.clock.now(), ...lines },
        task: after,
        ...(progress === undefined ? {} : { progress }),
      })
    }
    return after
  }

  #showLater(task: number, channel: SourceChannel): void {
    const partial = this.#partials[channel]
    partial.cancel ??= this.#parts.clock.after(limits.partialDelayMs, () => {
      delete partial.cancel
      void this.#show(task, channel)
    })
  }

  /** Waits for the lines before it, so that they cannot take it back when they are published. */
  async #show(task: number, channel: SourceChannel): Promise<void> {
    const cutter = this.#cutter(channel)
    try {
      await this.#parts.writer.settled()
    } catch {
      return // The run ends because of it, and says so.
    }
    if (cutter.pendingBytes === 0 || this.#partials[channel].cancel !== undefined) return
    const text = decoder.decode(cutter.pending(limits.partialBytesMax))
    this.#parts.feed.setPartial({ task, channel, text })
  }
}

interface PartialShow {
  /** Takes the timer back while one runs. */
  cancel?: () => void
}
