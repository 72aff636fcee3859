/** Turns what comes of followed files into stored lines, each with where reading goes on after it. */

import type { SourceChannel } from '../../shared/channel.ts'
import type { LineGroup } from '../../shared/line-group.ts'
import type { Task } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import type { FileEvent } from '../files/file-event.ts'
import { FileLines } from '../files/file-lines.ts'
import { decodeProgress, noProgress } from '../files/files-progress.ts'
import { type LineSlab, LineSplitter } from '../lines/line-splitter.ts'
import { noteGroup, notes } from './notes.ts'
import type { RunWriter } from './run-writer.ts'
import { nextTask } from './task-state.ts'

export interface FollowedParts {
  readonly clock: Clock
  readonly writer: RunWriter
}

export interface FollowedEntries {
  readonly channel: SourceChannel
  /** Whole lines. */
  readonly bytes: Uint8Array
  readonly progress: string
}

export class FollowedOutput {
  readonly #parts: FollowedParts
  #lines: FileLines
  /** Of the last row that was written; undefined before the first one. */
  #progress: string | undefined

  constructor(parts: FollowedParts, progress: string | undefined) {
    this.#parts = parts
    this.#progress = progress
    this.#lines = linesAfter(progress)
  }

  /** Where reading goes on after what was written so far. */
  get progress(): string | undefined {
    return this.#progress
  }

  take(task: Task, event: FileEvent): Task {
    const after = this.#write(task, this.#lines.take(event))
    this.#progress = this.#lines.progress
    if (event.kind === 'note') this.note(after, event.text)
    if (event.kind === 'gap') this.note(after, notes.gap({ ...event, channel: 'out' }))
    return after
  }

  /** The new progress goes with the last of the lines. */
  entries(task: Task, { channel, bytes, progress }: FollowedEntries): Task {
    const slabs = new LineSplitter().push(bytes)
    let after = task
    for (const [at, slab] of slabs.entries()) {
      after = nextTask(after, { kind: 'read', channel, bytes: slab.bytes.length })
      if (at === slabs.length - 1) this.#progress = progress
      this.#store(after, { channel, ...slab })
    }
    this.#progress = progress
    return after
  }

  #store(task: Task, lines: FollowedLines): void {
    const progress = this.#progress
    const time = this.#parts.clock.now()
    this.#parts.writer.write({
      group: { task: task.id, time, ...lines },
      task,
      ...(progress === undefined ? {} : { progress }),
    })
  }

  note(task: Task, text: string): void {
    const group = noteGroup(task.id, text, this.#parts.clock.now())
    const progress = this.#progress
    this.#parts.writer.write({ group, task, ...(progress === undefined ? {} : { progress }) })
  }

  /** Writes the unfinished lines, when nothing more will come. */
  finish(task: Task): Task {
    return this.#write(task, this.#lines.finish())
  }

  /** What came of unfinished lines comes again. */
  restart(): void {
    this.#lines = linesAfter(this.#progress)
  }

  #write(task: Task, slabs: ReturnType<FileLines['finish']>): Task {
    let after = task
    for (const { file, slab } of slabs) {
      after = nextTask(after, { kind: 'read', channel: 'out', bytes: slab.bytes.length })
      this.#progress = this.#lines.progress
      this.#store(after, { channel: 'out', ...slab, ...(file === undefined ? {} : { file }) })
    }
    return after
  }
}

type FollowedLines = LineSlab & Pick<LineGroup, 'channel' | 'file'>

function linesAfter(progress: string | undefined): FileLines {
  return new FileLines(
    (progress === undefined ? undefined : decodeProgress(progress)) ?? noProgress,
  )
}
