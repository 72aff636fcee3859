/** Reads one followed file through all its generations: a coroutine that decides, without I/O. */
import { limits } from '../../shared/limits.ts'
import type { FileEntry } from '../remote/follow-frames.ts'
import { catchUp, type Standing } from './catch-up-file.ts'
import { absentPosition, type FilePosition, nextGeneration } from './file-position.ts'
import { newlinesBefore, stepBack } from './last-lines.ts'
import { LateFiles } from './late-files.ts'
import { type Place, placeAfter, placeAt } from './place.ts'
import {
  emit,
  emitPosition,
  follow,
  leave,
  list,
  pause,
  read,
  type Steps,
  wait,
  watch,
} from './reader-steps.ts'

export interface ReaderStart {
  readonly path: string
  readonly begin:
    | { readonly kind: 'lines'; readonly lines: number }
    /** A new match of a pattern: all of it. */
    | { readonly kind: 'all' }
    /** Generations that may still grow, oldest first. */
    | { readonly kind: 'resume'; readonly positions: readonly FilePosition[] }
}

/** Runs for as long as the file is followed. `begun` is called when its first position is emitted. */
export function* readFile(start: ReaderStart, begun: () => void): Steps<never> {
  const { path } = start
  const late = new LateFiles(path)
  let standing = yield* begin(start, late)
  begun()
  for (;;) {
    const place = yield* stay(path, standing, late)
    const before = standing.kind
    standing = yield* catchUp(path, place, late)
    // Something is there that is no file, as a directory.
    if (before === 'absent' && standing.kind === 'absent') yield* pause(absentPauseMs)
  }
}

const absentPauseMs = 2_000

function* begin({ path, begin: how }: ReaderStart, late: LateFiles): Steps<Standing> {
  if (how.kind === 'resume') {
    for (const old of how.positions.slice(0, -1)) yield* late.keep(placeAt(old))
    return yield* catchUp(path, placeAt(how.positions.at(-1) ?? absentPosition), late)
  }
  for (;;) {
    const { entries, unreadable } = yield* list(path)
    const entry = entries.find((other) => other.path === path)
    if (entry === undefined) return yield* beginAbsent(path, unreadable.includes(path))
    const place = yield* beginIn(path, entry, how.kind === 'lines' ? how.lines : null)
    if (place !== null) return { kind: 'current', place }
  }
}

function* beginAbsent(path: string, isUnreadable: boolean): Steps<Standing> {
  const place = placeAt(absentPosition)
  yield* emitPosition(path, place)
  const why = isUnreadable ? 'it cannot be read (permission denied)' : 'it is not there yet'
  yield* emit({ kind: 'note', text: `waiting for ${path}: ${why}` })
  return { kind: 'absent', place }
}

/** At its last lines, or (null) at its start. Null when the file changed under the look. */
function* beginIn(path: string, entry: FileEntry, lines: number | null): Steps<Place | null> {
  const begin = lines === null ? startOfFile : yield* lastLinesOf(path, entry, lines)
  if (begin === null) return null
  const generation = nextGeneration(absentPosition.generation, entry.inode)
  const at = { offset: begin.offset, modified: entry.modified }
  const place = placeAfter(generation, at, begin.before)
  yield* emitPosition(path, place)
  yield* emit({ kind: 'note', text: `following ${path} from byte ${place.offset}` })
  return place
}

interface Begin {
  readonly offset: number
  /** Bytes before it, as far as they were seen. */
  readonly before: Uint8Array
}

const startOfFile: Begin = { offset: 0, before: new Uint8Array(0) }

/** Looks back piece by piece. What is further back than `followBackBytesMax` is not read. */
function* lastLinesOf(path: string, entry: FileEntry, lines: number): Steps<Begin | null> {
  let left: number | null = null
  for (let end = entry.size; end > 0; ) {
    const from = Math.max(0, end - limits.followFrameBytesMax)
    const part = yield* read({ path, from, bytes: end - from })
    if (part === null || part.inode !== entry.inode || part.bytes.length !== end - from) return null
    left ??= newlinesBefore(lines, part.bytes.at(-1))
    const isFarEnough = entry.size - from >= limits.followBackBytesMax
    const step = stepBack(part.bytes, isFarEnough ? Math.min(left, 1) : left)
    if (step.at !== null) return { offset: from + step.at, before: part.bytes.subarray(0, step.at) }
    if (isFarEnough) return { offset: end, before: part.bytes }
    left = step.left
    end = from
  }
  return startOfFile
}

/** Follows what there is, until it is not what it was. Gives the place that was read to. */
function* stay(path: string, standing: Standing, late: LateFiles): Steps<Place> {
  const ids = yield* settle(path, standing)
  for (;;) {
    const change = yield* wait(late.nextEndMs)
    if (change === null) yield* late.endDue()
    else if (late.has(change.id)) yield* late.moved(change.id)
    else if (ids.includes(change.id)) break
  }
  let place = standing.place
  for (const id of ids) place = (yield* leave(id)) ?? place
  return place
}

function* settle(path: string, standing: Standing): Steps<number[]> {
  switch (standing.kind) {
    case 'current':
      return [yield* follow(path, standing.place)]
    case 'absent':
      return [yield* watch(path, null)]
    case 'behind': {
      const watched = yield* watch(path, standing.current)
      if (standing.path === null) return [watched]
      return [watched, yield* follow(standing.path, standing.place)]
    }
  }
}
