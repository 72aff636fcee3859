/** Finds the file that holds a generation now, and reads the rest of it. */
import { limits } from '../../shared/limits.ts'
import type { DataPart, FileEntry } from '../remote/follow-frames.ts'
import { inodeOf } from './file-position.ts'
import { advance, agrees, newBytes, type Place, startOfNext, withTail } from './place.ts'
import { emit, emitPosition, list, read, type Steps, unpack, unpacked } from './reader-steps.ts'
import { inOrder, isPacked } from './rotated-files.ts'

/** The entry that holds it, and the place with the bytes before it. */
export interface Found {
  readonly entry: FileEntry
  readonly place: Place
}

/**
 * Looks for the bytes before the place: in the file of the same inode; else, as with copytruncate, in
 * another plain file; else in packed ones. Those changed last before we were there come last.
 */
export function* findGeneration(entries: readonly FileEntry[], place: Place): Steps<Found | null> {
  const inode = inodeOf(place.generation)
  const plain = entries.filter((entry) => !isPacked(entry.path))
  for (const entry of plain.filter((other) => other.inode === inode)) {
    const held = yield* placeIn(entry, place)
    if (held !== null) return { entry, place: held }
  }
  if (place.position.before.bytes === 0) return null
  const packed = entries.filter((entry) => isPacked(entry.path))
  const isLater = (entry: FileEntry) => entry.modified >= place.modified
  const ordered = [
    ...plain.filter(isLater),
    ...packed.filter(isLater),
    ...plain.filter((entry) => !isLater(entry)),
    ...packed.filter((entry) => !isLater(entry)),
  ]
  for (const entry of ordered) {
    const held = yield* placeIn(entry, place)
    if (held !== null) return { entry, place: held }
  }
  return null
}

/** The place in this file, with its tail, when the bytes before it are the ones we know. */
function* placeIn(entry: FileEntry, place: Place): Steps<Place | null> {
  const { bytes } = place.position.before
  const isTooShort = !isPacked(entry.path) && entry.size < place.offset
  if (isTooShort) return null
  if (bytes === 0) return place
  const asked = { path: entry.path, from: place.offset - bytes, bytes }
  const part = yield* isPacked(entry.path) ? unpackOne(asked) : read(asked)
  if (part === null || part.from !== asked.from || part.bytes.length !== bytes) return null
  if (!isPacked(entry.path) && part.inode !== entry.inode) return null
  return agrees(place, part.bytes) ? withTail(place, part.bytes) : null
}

function* unpackOne(asked: { path: string; from: number; bytes: number }): Steps<DataPart | null> {
  const first = yield* unpack(asked)
  let rest = first
  while (rest !== null) rest = yield* unpacked()
  return first
}

/**
 * Emits what the file has after the place, and gives the place behind it. It is not whole when the
 * file changed meanwhile.
 */
export function* drain(
  file: string,
  found: Found,
): Steps<{ readonly place: Place; readonly isWhole: boolean }> {
  return isPacked(found.entry.path)
    ? yield* drainPacked(file, found)
    : yield* drainPlain(file, found)
}

function* drainPlain(file: string, { entry, place: from }: Found) {
  let place = from
  for (;;) {
    const { offset, tail } = place
    const start = offset - Math.min(tail?.length ?? 0, overlapBytes)
    const part = yield* read({ path: entry.path, from: start, bytes: limits.followFrameBytesMax })
    const bytes = part === null || part.inode !== entry.inode ? null : newBytes(place, part)
    if (part === null || bytes === null) return { place, isWhole: false }
    if (bytes.length === 0) return { place, isWhole: true }
    yield* emitBytes(file, place, { bytes, modified: part.modified })
    place = advance(place, bytes, part.modified)
  }
}

/** One pass through the packed file, which proves by its first bytes that it is the right one. */
function* drainPacked(file: string, { entry, place: from }: Found) {
  let place = from
  let isRight = true
  const start = place.offset - place.position.before.bytes
  let part = yield* unpack({ path: entry.path, from: start, bytes: 0 })
  const isAny = part !== null
  while (part !== null) {
    const bytes = isRight ? newBytes(place, part) : null
    if (bytes === null) isRight = false
    else if (bytes.length > 0) {
      yield* emitBytes(file, place, { bytes, modified: entry.modified })
      place = advance(place, bytes, entry.modified)
    }
    part = yield* unpacked()
  }
  return { place, isWhole: isRight && isAny }
}

export interface NextFile {
  readonly entry: FileEntry
  /** The listing that it was taken from. */
  readonly entries: readonly FileEntry[]
  /** The file of the generation before it, which somebody may still write to. */
  readonly old?: string
}

/**
 * The first bytes of the generation after `place`, which `entry` holds; null when files were moved
 * around meanwhile, as it might be another one then. Emits nothing.
 */
export function* firstPart(path: string, next: NextFile): Steps<DataPart | null> {
  const { entry, entries, old } = next
  const asked = { path: entry.path, from: 0, bytes: limits.followFrameBytesMax }
  const part = yield* isPacked(entry.path) ? unpackOne(asked) : read(asked)
  if (part === null || (!isPacked(entry.path) && part.inode !== entry.inode)) return null
  const { entries: after } = yield* list(path)
  const mayGrow = [path, old ?? path]
  return orderOf(path, entries, mayGrow) === orderOf(path, after, mayGrow) ? part : null
}

/** What is the same text while no file is moved: only those that are still written to may grow. */
export function orderOf(
  path: string,
  entries: readonly FileEntry[],
  mayGrow: readonly string[],
): string {
  const signature = ({ path: name, inode, size, modified }: FileEntry) =>
    mayGrow.includes(name) ? `${inode} ${name}` : `${inode} ${size} ${modified} ${name}`
  return inOrder(path, entries).map(signature).join('\n')
}

/** Begins the next generation with its first bytes. */
export function* beginNext(
  file: string,
  place: Place,
  first: { readonly entry: FileEntry; readonly part: DataPart },
): Steps<Place> {
  const { entry, part } = first
  const modified = isPacked(entry.path) ? entry.modified : part.modified
  const start = startOfNext(place, { inode: entry.inode, modified })
  yield* emitPosition(file, start)
  if (part.bytes.length === 0) return start
  yield* emitBytes(file, start, { bytes: part.bytes, modified })
  return advance(start, part.bytes, modified)
}

function* emitBytes(
  file: string,
  { generation }: Place,
  { bytes, modified }: { readonly bytes: Uint8Array; readonly modified: number },
): Steps<void> {
  yield* emit({ kind: 'bytes', file, generation, modified, bytes })
}

const overlapBytes = 64
