/** Where a reader stands in a generation of a file, with the bytes before it. Immutable. */
import type { DataPart } from '../remote/follow-frames.ts'
import {
  emptyTail,
  type FilePosition,
  joinTail,
  nextGeneration,
  tailBytesMax,
  tailSum,
} from './file-position.ts'

export interface Place {
  readonly generation: string
  readonly offset: number
  readonly modified: number
  /** The last bytes before `offset`; null while only their sum is known. */
  readonly tail: Uint8Array | null
  readonly position: FilePosition
}

/** Only the sum of the tail is known until its bytes have been seen. */
export function placeAt(position: FilePosition): Place {
  const { generation, offset, modified, before } = position
  return { generation, offset, modified, tail: before.bytes === 0 ? emptyTail : null, position }
}

/** At `offset` of a generation, behind the bytes `tail`. */
export function placeAfter(
  generation: string,
  at: { readonly offset: number; readonly modified: number },
  tail: Uint8Array,
): Place {
  const { offset, modified } = at
  const last = tail.slice(Math.max(0, tail.length - tailBytesMax))
  return {
    generation,
    offset,
    modified,
    tail: last,
    position: { generation, offset, modified, before: tailSum(last) },
  }
}

/** The start of the generation after that of `place`. */
export function startOfNext(place: Place, facts: { inode: string; modified: number }): Place {
  const generation = nextGeneration(place.generation, facts.inode)
  return placeAfter(generation, { offset: 0, modified: facts.modified }, emptyTail)
}

export function advance(place: Place, bytes: Uint8Array, modified: number): Place {
  const tail = joinTail(place.tail ?? emptyTail, bytes)
  const at = { offset: place.offset + bytes.length, modified: Math.max(modified, place.modified) }
  return placeAfter(place.generation, at, tail)
}

/** Whether these bytes, which end at the place, are the ones that were there. */
export function agrees(place: Place, bytes: Uint8Array): boolean {
  const { before } = place.position
  if (place.tail === null) {
    return bytes.length === before.bytes && tailSum(bytes).sum === before.sum
  }
  const shared = Math.min(bytes.length, place.tail.length)
  const ours = place.tail.subarray(place.tail.length - shared)
  return bytes.subarray(bytes.length - shared).every((byte, at) => byte === ours[at])
}

/** The place with its tail, once these bytes have agreed. */
export function withTail(place: Place, bytes: Uint8Array): Place {
  if (place.tail !== null) return place
  const { generation, offset, modified } = place
  return placeAfter(generation, { offset, modified }, bytes)
}

/** The bytes of a part that are new at this place; null when it does not go on here. */
export function newBytes(place: Place, part: DataPart): Uint8Array | null {
  const overlap = place.offset - part.from
  if (overlap < 0 || overlap > part.bytes.length) return null
  if (!agrees(place, part.bytes.subarray(0, overlap))) return null
  return part.bytes.subarray(overlap)
}
