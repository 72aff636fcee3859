/** The rules of the log that every store keeps: where an append fits, and where a read begins and ends. */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { type LineGroup, type PlacedGroup, splitGroup, textsOf } from '../../shared/line-group.ts'
import { noteKind } from '../../shared/note.ts'
import type { Run, RunId, RunState } from '../../shared/run.ts'
import type { Append, AppendResult, TaskProgress } from './log-store.ts'
import type { KeepChange } from './run-catalog.ts'

/**
 * What an append to a run in this place must be answered. A batch that only partly lies in the
 * stored range is not one that was stored, nor does it fit: `gap`.
 */
export function answerAppend(
  run: { readonly epoch: number; readonly next: number },
  append: Pick<Append, 'epoch' | 'pos'> & { readonly count: number },
): AppendResult {
  if (append.epoch !== run.epoch) return { kind: 'fenced', epoch: run.epoch }
  if (append.pos === run.next) return { kind: 'stored', next: run.next + append.count }
  if (append.pos + append.count <= run.next) return { kind: 'duplicate', next: run.next }
  return { kind: 'gap', next: run.next }
}

/** How many positions groups take, how many of them are lines of the source, and how many tell of a gap. */
export interface LineCount {
  readonly positions: number
  readonly lines: number
  readonly gaps: number
}

/** What the groups of a batch add to the counters of their run. */
export function countLines(groups: readonly LineGroup[]): LineCount {
  let positions = 0
  let notes = 0
  let gaps = 0
  for (const group of groups) {
    positions += group.count
    if (group.channel === 'note') {
      notes += group.count
      gaps += countGaps(group)
    }
    if (group.file !== undefined) checkFileName(group.file)
  }
  if (positions === 0) throw new AppError('internal', 'An append must have at least one line.')
  return { positions, lines: positions - notes, gaps }
}

/** A gap is told by its note and by nothing else, so the figure and the rows cannot differ. */
function countGaps(group: LineGroup): number {
  return textsOf(group).filter((text) => noteKind(text) === 'gap').length
}

/** Refuses what would grow the file with every batch that it comes with. */
export function checkProgress(progress: readonly TaskProgress[] | undefined): void {
  for (const { task, value } of progress ?? []) {
    const { length } = encoder.encode(value)
    if (length <= limits.progressBytesMax) continue
    throw new AppError(
      'progress-too-large',
      `Where task ${task} goes on reading takes ${length} bytes, and ${limits.progressBytesMax} are kept at most.`,
    )
  }
}

function checkFileName(file: string): void {
  const { length } = encoder.encode(file)
  if (length <= limits.fileNameBytesMax) return
  throw new AppError(
    'internal',
    `A file name of ${length} bytes came with lines; ${limits.fileNameBytesMax} are stored at most.`,
  )
}

/** Throws `conflict` when a run has as many marked lines as it may. */
export function checkMarks(id: RunId, marks: number): void {
  if (marks < limits.marksPerRunMax) return
  throw new AppError('conflict', `Run ${id} has ${marks} marked lines already.`, {
    hint: 'Take back a mark that is not needed any more.',
  })
}

/** Refuses to remove a run that somebody still carries. */
export function checkEnded(id: RunId, state: RunState): void {
  if (state === 'ended') return
  throw new AppError('conflict', `Run ${id} has not ended yet.`, {
    hint: 'Stop it first, and remove it when it has ended.',
  })
}

/** What a run is after such a change, see `RunCatalog.keep`. */
export function keptAfter(
  run: Pick<Run, 'state' | 'pinned' | 'removed'>,
  { pinned = run.pinned, removed }: KeepChange,
): Pick<Run, 'pinned' | 'removed'> {
  const isRemovable = run.state === 'ended' && !pinned && run.removed === null
  return { pinned, removed: isRemovable ? (removed ?? null) : run.removed }
}

const encoder = new TextEncoder()

/** Gives the groups of a batch that starts at `pos` their places. */
export function placeGroups(pos: number, groups: readonly LineGroup[]): PlacedGroup[] {
  let next = pos
  return groups.map((group) => {
    const placed = { ...group, pos: next }
    next += group.count
    return placed
  })
}

/**
 * The part of a read's answer: groups in order that reach to `from` or beyond, cut so that they
 * start exactly at `from`, ended after `bytesMax` with at least one group.
 */
export function clipGroups(
  groups: readonly PlacedGroup[],
  from: number,
  bytesMax: number,
): PlacedGroup[] {
  const clipped: PlacedGroup[] = []
  let bytes = 0
  for (const group of groups) {
    const kept = afterCut(group, from)
    if (kept === undefined) continue
    bytes += kept.bytes.length
    if (bytes > bytesMax && clipped.length > 0) break
    clipped.push(kept)
  }
  return clipped
}

function afterCut(group: PlacedGroup, from: number): PlacedGroup | undefined {
  if (group.pos >= from) return group
  if (group.pos + group.count <= from) return undefined
  return splitGroup(group, from - group.pos)[1]
}
