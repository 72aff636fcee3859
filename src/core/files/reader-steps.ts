/** The steps of a file reader: what it asks its session for, and what it is given. No I/O. */
import type { DataPart, FileEntry, FileFacts } from '../remote/follow-frames.ts'
import type { FileEvent } from './file-event.ts'
import { emptyTail } from './file-position.ts'
import type { Place } from './place.ts'

/** A reader is a coroutine: it yields a step and is resumed with the answer to it. */
export type Steps<T> = Generator<Step, T, Answer>

export type Step =
  | { readonly kind: 'emit'; readonly event: FileEvent }
  | { readonly kind: 'list'; readonly path: string }
  | { readonly kind: 'read' | 'unpack'; readonly part: AskedPart }
  /** The next part of what is being unpacked. */
  | { readonly kind: 'unpacked' }
  | { readonly kind: 'pause'; readonly ms: number }
  | { readonly kind: 'follow'; readonly path: string; readonly place: Place }
  | { readonly kind: 'watch'; readonly path: string; readonly facts: FileFacts | null }
  | { readonly kind: 'leave'; readonly id: number }
  /** Until something that is followed or watched is not what it was, or until `untilMs`. */
  | { readonly kind: 'wait'; readonly untilMs: number | null }
  | { readonly kind: 'now' }

export interface AskedPart {
  readonly path: string
  readonly from: number
  /** 0 when unpacking: all there is. */
  readonly bytes: number
}

export type Answer =
  | { readonly kind: 'done' }
  | { readonly kind: 'listing'; readonly listing: Listing }
  /** Null: the file changed while it was read; when unpacking: there is no more. */
  | { readonly kind: 'part'; readonly part: DataPart | null }
  | { readonly kind: 'id'; readonly id: number }
  /** What was followed, as far as it was read. */
  | { readonly kind: 'place'; readonly place: Place | null }
  | { readonly kind: 'change'; readonly change: Change | null }
  | { readonly kind: 'time'; readonly ms: number }

export interface Listing {
  readonly entries: readonly FileEntry[]
  readonly unreadable: readonly string[]
}

/** `state` null: the bytes are not the ones that were there. */
export interface Change {
  readonly id: number
  readonly state: FileFacts | null
}

export function* emit(event: FileEvent): Steps<void> {
  yield { kind: 'emit', event }
}

/** This generation is read from the place on. */
export function* emitPosition(file: string, { position, tail }: Place): Steps<void> {
  yield* emit({ kind: 'position', file, position, tail: tail ?? emptyTail })
}

export function* list(path: string): Steps<Listing> {
  const answer = yield { kind: 'list', path }
  if (answer.kind !== 'listing') throw mixedUp(answer)
  return answer.listing
}

export function* read(part: AskedPart): Steps<DataPart | null> {
  const answer = yield { kind: 'read', part }
  if (answer.kind !== 'part') throw mixedUp(answer)
  return answer.part
}

/** Begins to unpack; every part up to null must then be taken with `unpacked`. */
export function* unpack(part: AskedPart): Steps<DataPart | null> {
  const answer = yield { kind: 'unpack', part }
  if (answer.kind !== 'part') throw mixedUp(answer)
  return answer.part
}

export function* unpacked(): Steps<DataPart | null> {
  const answer = yield { kind: 'unpacked' }
  if (answer.kind !== 'part') throw mixedUp(answer)
  return answer.part
}

export function* pause(ms: number): Steps<void> {
  yield { kind: 'pause', ms }
}

export function* follow(path: string, place: Place): Steps<number> {
  const answer = yield { kind: 'follow', path, place }
  if (answer.kind !== 'id') throw mixedUp(answer)
  return answer.id
}

export function* watch(path: string, facts: FileFacts | null): Steps<number> {
  const answer = yield { kind: 'watch', path, facts }
  if (answer.kind !== 'id') throw mixedUp(answer)
  return answer.id
}

/** Gives the place of what was followed. */
export function* leave(id: number): Steps<Place | null> {
  const answer = yield { kind: 'leave', id }
  if (answer.kind !== 'place') throw mixedUp(answer)
  return answer.place
}

export function* wait(untilMs: number | null): Steps<Change | null> {
  const answer = yield { kind: 'wait', untilMs }
  if (answer.kind !== 'change') throw mixedUp(answer)
  return answer.change
}

export function* now(): Steps<number> {
  const answer = yield { kind: 'now' }
  if (answer.kind !== 'time') throw mixedUp(answer)
  return answer.ms
}

function mixedUp(answer: Answer): Error {
  return new Error(`A file reader was given "${answer.kind}" for another step.`)
}
