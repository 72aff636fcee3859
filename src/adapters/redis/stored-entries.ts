/** What the read script gives, as groups: each position once, those that are damaged or gone as rows that say so. */
import { crc32 } from 'node:zlib'
import { lostLines, lostLinesMax } from '../../core/store/lost-lines.ts'
import { decodeBatch } from '../../shared/batch-codec.ts'
import { type PlacedGroup, splitGroup } from '../../shared/line-group.ts'
import type { RunId } from '../../shared/run.ts'
import { listOf, maybeTextOf, textOf } from './replies.ts'

/** Groups that reach from `from`, or from before it, as far as was read. */
export function toGroups(
  run: RunId,
  reply: unknown,
): { readonly from: number; readonly groups: readonly PlacedGroup[] } {
  const [from, end, isAll, entries] = parseReply(reply)
  let groups: PlacedGroup[] = []
  let next = from
  for (const entry of entries) {
    if (entry.pos > next) groups.push(...lostLines(next, entry.pos, lostText))
    // Of a large hole a part is given; the next read goes on in it.
    if (entry.pos > next + lostLinesMax) return { from, groups }
    if (entry.pos < next) groups = before(groups, entry.pos)
    groups.push(...decodeEntry(run, entry))
    next = entry.next
  }
  if (isAll && end > next) groups.push(...lostLines(next, end, lostText))
  return { from, groups }
}

/**
 * An entry that begins before the end of the one before it takes its place: of an append whose
 * transaction Redis found cut off in its file, it may bring back the lines alone at a later start.
 */
function before(groups: readonly PlacedGroup[], pos: number): PlacedGroup[] {
  return groups.flatMap((group) => {
    if (group.pos + group.count <= pos) return [group]
    return group.pos < pos ? [splitGroup(group, pos - group.pos)[0]] : []
  })
}

/** Covers the place too, so that a batch found in another place is noticed. */
export function checksum(run: RunId, pos: number, batch: Uint8Array): number {
  return crc32(batch, crc32(`${run}:${pos}`))
}

interface StoredEntry {
  readonly pos: number
  readonly next: number
  readonly crc: number
  /** Undefined when the entry does not hold it. */
  readonly batch: Uint8Array | undefined
}

function parseReply(reply: unknown): [number, number, boolean, StoredEntry[]] {
  const [from, end, isAll, entries] = listOf(reply)
  let next = Number(from)
  const parsed = listOf(entries).map((entry) => {
    const stored = parseEntry(entry, next)
    next = stored.next
    return stored
  })
  return [Number(from), Number(end), isAll === 1, parsed]
}

/** Fields that are not known are left alone: a newer version may write more. */
function parseEntry(entry: unknown, expected: number): StoredEntry {
  const [id, flat] = listOf(entry)
  const fields = new Map<string, unknown>()
  const values = listOf(flat)
  for (let at = 0; at + 1 < values.length; at += 2) fields.set(textOf(values[at]), values[at + 1])
  const next = Number.parseInt(textOf(id), 10)
  const pos = Number(maybeTextOf(fields.get('p')) ?? Number.NaN)
  const isPlaced = Number.isSafeInteger(pos) && pos >= 0 && pos < next
  const batch = fields.get('d')
  return {
    pos: isPlaced ? pos : Math.min(expected, next - 1),
    next,
    crc: Number(maybeTextOf(fields.get('c'))),
    // A copy: else one line would keep alive all that came over the wire with it.
    batch: isPlaced && batch instanceof Uint8Array ? new Uint8Array(batch) : undefined,
  }
}

function decodeEntry(run: RunId, { pos, next, crc, batch }: StoredEntry): PlacedGroup[] {
  if (batch === undefined || checksum(run, pos, batch) !== crc)
    return lostLines(pos, next, lostText)
  return decodeBatch(batch, pos)
}

const lostText = 'gap: the line that was here has been lost or damaged in Redis'
