/** Runs one file reader: turns its steps into commands, and frames into their answers. */
import type { FollowCommand } from '../remote/follow-command.ts'
import type { DataPart, FileEntry, FollowFrame } from '../remote/follow-frames.ts'
import type { FileEvent } from './file-event.ts'
import { inodeOf } from './file-position.ts'
import { type ReaderStart, readFile } from './file-reader.ts'
import { advance, newBytes, type Place } from './place.ts'
import type { Answer, Change, Step, Steps } from './reader-steps.ts'

export interface ReaderSurroundings {
  /** A new number for a command, whose answers come to this reader until it is forgotten. */
  newId(): number
  forget(id: number): void
  emit(event: FileEvent): void
  send(command: FollowCommand): void
  now(): number
}

/** What the reader waits for. */
type Awaited =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'list'
      readonly id: number
      readonly entries: FileEntry[]
      readonly unreadable: string[]
    }
  | { readonly kind: 'part'; readonly id: number; readonly isPacked: boolean }
  | { readonly kind: 'time'; readonly atMs: number }
  | { readonly kind: 'change'; readonly untilMs: number | null }

interface Followed {
  place: Place
}

/** Followed data goes straight on to the store; only what is out of the ordinary wakes the reader. */
export class RunningReader {
  readonly #start: ReaderStart
  readonly #around: ReaderSurroundings
  readonly #steps: Steps<never>
  /** By id; null for what is only watched. */
  readonly #followed = new Map<number, Followed | null>()
  /** Data that has come and does not count yet. */
  readonly #held = new Map<number, DataPart>()
  #changes: Change[] = []
  #awaited: Awaited = { kind: 'nothing' }

  constructor(start: ReaderStart, begun: () => void, around: ReaderSurroundings) {
    this.#start = start
    this.#around = around
    this.#steps = readFile(start, begun)
  }

  get dueMs(): number | null {
    if (this.#awaited.kind === 'time') return this.#awaited.atMs
    return this.#awaited.kind === 'change' ? this.#awaited.untilMs : null
  }

  start(): void {
    this.#resume({ kind: 'done' })
  }

  tick(timeMs: number): void {
    const awaited = this.#awaited
    if (this.dueMs === null || this.dueMs > timeMs) return
    if (awaited.kind === 'time') this.#resume({ kind: 'done' })
    else this.#resume({ kind: 'change', change: null })
  }

  take(frame: FollowFrame): void {
    if (!('id' in frame)) return
    if (this.#followed.has(frame.id)) this.#takeFollowed(frame)
    else this.#takeAnswer(frame)
  }

  #takeFollowed(frame: FollowFrame): void {
    if (frame.kind === 'data') this.#held.set(frame.id, frame.part)
    if (frame.kind === 'drop') this.#held.delete(frame.id)
    if (frame.kind === 'keep') this.#keep(frame.id)
    if (frame.kind === 'changed') this.#change({ id: frame.id, state: frame.state })
  }

  #keep(id: number): void {
    const part = this.#held.get(id)
    const followed = this.#followed.get(id)
    this.#held.delete(id)
    if (part === undefined || followed === undefined || followed === null) return
    const { place } = followed
    const bytes = newBytes(place, part)
    if (bytes === null) {
      this.#change({ id, state: null })
      return
    }
    if (bytes.length === 0) return
    followed.place = advance(place, bytes, part.modified)
    const { path: file } = this.#start
    const { generation } = place
    this.#around.emit({ kind: 'bytes', file, generation, modified: part.modified, bytes })
  }

  #change(change: Change): void {
    // The first one counts: after it nothing of this id is read.
    if (this.#changes.some(({ id }) => id === change.id)) return
    this.#changes.push(change)
    if (this.#awaited.kind === 'change') this.#resume(this.#nextChange())
  }

  #nextChange(): Answer {
    const [change = null, ...rest] = this.#changes
    this.#changes = rest
    return { kind: 'change', change }
  }

  #takeAnswer(frame: FollowFrame): void {
    const awaited = this.#awaited
    if (!('id' in frame) || !('id' in awaited) || frame.id !== awaited.id) return
    if (awaited.kind === 'list') this.#takeEntry(frame, awaited)
    else this.#takePart(frame, awaited)
  }

  #takeEntry(frame: FollowFrame, awaited: Extract<Awaited, { kind: 'list' }>): void {
    if (frame.kind === 'entry' && awaited.entries.length < entriesMax) {
      awaited.entries.push(frame.entry)
    }
    if (frame.kind === 'unreadable') awaited.unreadable.push(frame.path)
    if (frame.kind !== 'end') return
    this.#around.forget(awaited.id)
    const { entries, unreadable } = awaited
    this.#resume({ kind: 'listing', listing: { entries, unreadable } })
  }

  #takePart(frame: FollowFrame, { id, isPacked }: Extract<Awaited, { kind: 'part' }>): void {
    if (frame.kind === 'data') this.#held.set(id, frame.part)
    const isOver = frame.kind === 'drop' || frame.kind === 'end'
    if (frame.kind !== 'keep' && !isOver) return
    const part = frame.kind === 'keep' ? (this.#held.get(id) ?? null) : null
    this.#held.delete(id)
    if (isOver || !isPacked) this.#around.forget(id)
    this.#resume({ kind: 'part', part })
  }

  /** Goes on until the reader waits for something. */
  #resume(first: Answer): void {
    let answer: Answer | null = first
    const packed = this.#awaited.kind === 'part' && this.#awaited.isPacked ? this.#awaited : null
    this.#awaited = { kind: 'nothing' }
    while (answer !== null) {
      const { value: step, done } = this.#steps.next(answer)
      if (done === true) return
      if (step.kind === 'unpacked' && packed !== null) {
        this.#awaited = packed
        return
      }
      answer = this.#do(step)
    }
  }

  /** The answer, or null when it has to be waited for. */
  #do(step: Step): Answer | null {
    switch (step.kind) {
      case 'emit':
        this.#around.emit(step.event)
        return { kind: 'done' }
      case 'now':
        return { kind: 'time', ms: this.#around.now() }
      case 'pause':
      case 'wait':
        return this.#wait(step)
      case 'unpacked':
        return { kind: 'part', part: null }
      case 'list':
      case 'read':
      case 'unpack':
        return this.#ask(step)
      case 'follow':
      case 'watch':
      case 'leave':
        return this.#doHere(step)
    }
  }

  #wait(step: Extract<Step, { kind: 'pause' | 'wait' }>): Answer | null {
    if (step.kind === 'pause') {
      this.#awaited = { kind: 'time', atMs: this.#around.now() + step.ms }
      return null
    }
    if (this.#changes.length > 0) return this.#nextChange()
    this.#awaited = { kind: 'change', untilMs: step.untilMs }
    return null
  }

  #doHere(step: Extract<Step, { kind: 'follow' | 'watch' | 'leave' }>): Answer {
    return step.kind === 'leave'
      ? { kind: 'place', place: this.#leave(step.id) }
      : { kind: 'id', id: this.#register(step) }
  }

  #ask(step: Extract<Step, { kind: 'list' | 'read' | 'unpack' }>): null {
    const id = this.#around.newId()
    if (step.kind === 'list') {
      this.#awaited = { kind: 'list', id, entries: [], unreadable: [] }
      this.#around.send({ kind: 'siblings', id, path: step.path })
      return null
    }
    this.#awaited = { kind: 'part', id, isPacked: step.kind === 'unpack' }
    this.#around.send({ kind: step.kind, id, ...step.part })
    return null
  }

  #register(step: Extract<Step, { kind: 'follow' | 'watch' }>): number {
    const id = this.#around.newId()
    const { path } = step
    if (step.kind === 'follow') {
      const { place } = step
      this.#followed.set(id, { place })
      this.#around.send({
        kind: 'follow',
        id,
        path,
        inode: inodeOf(place.generation),
        offset: place.offset,
      })
      return id
    }
    this.#followed.set(id, null)
    const { inode = '0', size = 0 } = step.facts ?? {}
    this.#around.send({ kind: 'watch', id, path, inode, offset: size })
    return id
  }

  #leave(id: number): Place | null {
    const place = this.#followed.get(id)?.place ?? null
    this.#followed.delete(id)
    this.#held.delete(id)
    this.#changes = this.#changes.filter((change) => change.id !== id)
    this.#around.forget(id)
    this.#around.send({ kind: 'leave', id })
    return place
  }
}

/** Rotated files of one file that are looked at. */
const entriesMax = 2_000
