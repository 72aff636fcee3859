/** Brings a reader from where it stands to the file that is there now, through all rotations. */
import type { FileEntry, FileFacts } from '../remote/follow-frames.ts'
import { inodeOf } from './file-position.ts'
import {
  beginNext,
  drain,
  type Found,
  findGeneration,
  firstPart,
  orderOf,
} from './find-generation.ts'
import type { LateFiles } from './late-files.ts'
import { type Place, placeAfter } from './place.ts'
import { emit, emitPosition, type Listing, list, pause, type Steps } from './reader-steps.ts'
import { inOrder, isPacked } from './rotated-files.ts'

export type Standing =
  /** In the file itself. */
  | { readonly kind: 'current'; readonly place: Place }
  /**
   * At the end of an older generation, because the file is not there (`current` null) or still
   * empty. The old one is at `path`; null when nobody can write to it any more.
   */
  | {
      readonly kind: 'behind'
      readonly place: Place
      readonly path: string | null
      readonly current: FileFacts | null
    }
  /** There is no file, and nothing of one was read. */
  | { readonly kind: 'absent'; readonly place: Place }

/** What is not found is looked for again: at once, then for as long as files are being moved. */
const missesMin = 3
const missesMax = 12

export function* catchUp(path: string, from: Place, late: LateFiles): Steps<Standing> {
  let place = from
  let misses = 0
  let order = ''
  for (;;) {
    const listing = yield* readableList(path)
    const entries = inOrder(path, listing.entries)
    if (isAbsent(place)) {
      const begun = yield* beginAt(path, place, { entry: entries.find(isNamed(path)), listing })
      if (begun === null) return { kind: 'absent', place }
      place = begun
      continue
    }
    const found = yield* findGeneration(entries, place)
    if (found === null) {
      const before = order
      order = orderOf(path, listing.entries, [path])
      misses += 1
      if (misses < missesMin || (order !== before && misses < missesMax)) {
        yield* pause(misses === 1 ? 50 : 1_000)
      } else {
        place = yield* giveUp(path, place, { entries, listing })
      }
      continue
    }
    misses = 0
    if (place.tail === null) yield* emitPosition(path, found.place)
    if (found.entry.path === path) return { kind: 'current', place: found.place }
    const step = yield* passOn(path, found, late)
    if ('kind' in step) return step
    place = step
  }
}

/** Nothing was read yet: a place without a file. */
function isAbsent(place: Place): boolean {
  return inodeOf(place.generation) === '0'
}

/** Waits while the file is there but cannot be read. */
function* readableList(path: string): Steps<Listing> {
  for (let told = false; ; told = true) {
    const listing = yield* list(path)
    if (!listing.unreadable.includes(path)) return listing
    if (!told) {
      const text = `waiting for ${path}: it cannot be read (permission denied)`
      yield* emit({ kind: 'note', text })
    }
    yield* pause(5_000)
  }
}

/** Reads the rest of an older generation and begins the one after it, or stays behind. */
function* passOn(path: string, found: Found, late: LateFiles): Steps<Place | Standing> {
  const { place, isWhole } = yield* drain(path, found)
  if (!isWhole) {
    yield* pause(50)
    return place
  }
  const { entries } = yield* list(path)
  const order = inOrder(path, entries)
  const { entry: old } = found
  const at = order.findIndex(({ path: name, inode }) => name === old.path && inode === old.inode)
  if (at < 0) return place
  const next = order[at + 1]
  const mayGrow = old.inode === inodeOf(place.generation) && !isPacked(old.path)
  if (next === undefined || (next.path === path && next.size === 0)) {
    return { kind: 'behind', place, path: mayGrow ? old.path : null, current: next ?? null }
  }
  const part = yield* firstPart(path, { entry: next, entries, old: old.path })
  if (part === null) return place
  yield* emit({ kind: 'note', text: rotationNote(path, place, next) })
  if (!mayGrow) yield* close(path, place)
  const begun = yield* beginNext(path, place, { entry: next, part })
  if (mayGrow) yield* late.keep(place)
  return begun
}

/** Begins with the file itself; null when it is not there. */
function* beginAt(
  path: string,
  place: Place,
  { entry, listing }: { readonly entry: FileEntry | undefined; readonly listing: Listing },
): Steps<Place | null> {
  if (entry === undefined) return null
  const part = yield* firstPart(path, { entry, entries: listing.entries })
  if (part === null) return place
  yield* emit({ kind: 'note', text: `following ${path} from byte 0` })
  return yield* beginNext(path, place, { entry, part })
}

/**
 * No file holds what we read last: whatever followed it is gone. Goes on with the oldest file that
 * was changed after it, or else with the file itself.
 */
function* giveUp(
  path: string,
  place: Place,
  { entries, listing }: { readonly entries: readonly FileEntry[]; readonly listing: Listing },
): Steps<Place> {
  const reason = `no file on the host holds what stood before byte ${place.offset} of ${path}: it was cut, or removed; what it had from there on, if anything, is gone`
  yield* emit({ kind: 'gap', file: path, from: place.offset, to: null, reason })
  yield* close(path, place)
  const number = Number.parseInt(place.generation, 10)
  const { modified } = place
  const none = placeAfter(`${number}:0`, { offset: 0, modified }, new Uint8Array(0))
  const newer = entries.find((entry) => entry.path !== path && entry.modified > place.modified)
  if (newer === undefined) {
    yield* emitPosition(path, none)
    return none
  }
  const part = yield* firstPart(path, { entry: newer, entries: listing.entries })
  return part === null ? none : yield* beginNext(path, none, { entry: newer, part })
}

function* close(file: string, { generation }: Place): Steps<void> {
  yield* emit({ kind: 'closed', file, generation })
}

function isNamed(path: string): (entry: FileEntry) => boolean {
  return (entry) => entry.path === path
}

function rotationNote(path: string, old: Place, next: FileEntry): string {
  return next.path === path && next.inode === inodeOf(old.generation)
    ? `truncated: ${path} begins again at byte 0`
    : `rotated: ${path} goes on in a new file`
}
