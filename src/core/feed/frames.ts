/** Frames: lines of consecutive batches joined into one event's worth. */
import { limits } from '../../shared/limits.ts'
import { type PlacedGroup, splitGroup } from '../../shared/line-group.ts'
import type { Frame } from '../runs/run-service.ts'

/** Packs groups, in order and without gap, into frames within the limits of a batch. */
export function toFrames(groups: readonly PlacedGroup[]): Frame[] {
  const frames: Frame[] = []
  let open: PlacedGroup[] = []
  let bytes = 0
  let lines = 0
  for (const group of groups) {
    const full =
      bytes + group.bytes.length > limits.batchBytesMax ||
      lines + group.count > limits.batchLinesMax
    if (full && open.length > 0) {
      frames.push(frameOf(open))
      open = []
      bytes = lines = 0
    }
    open.push(group)
    bytes += group.bytes.length
    lines += group.count
  }
  if (open.length > 0) frames.push(frameOf(open))
  return frames
}

/** The frame without its lines before `pos` (frame.pos < pos < frame.next). */
export function frameFrom(frame: Frame, pos: number): Frame {
  const groups: PlacedGroup[] = []
  for (const group of frame.groups) {
    if (group.pos >= pos) groups.push(group)
    else if (group.pos + group.count > pos) groups.push(splitGroup(group, pos - group.pos)[1])
  }
  return frameOf(groups)
}

/** The frame without its lines from `next` on (frame.pos < next < frame.next). */
export function frameTo(frame: Frame, next: number): Frame {
  const groups: PlacedGroup[] = []
  for (const group of frame.groups) {
    if (group.pos + group.count <= next) groups.push(group)
    else if (group.pos < next) groups.push(splitGroup(group, next - group.pos)[0])
  }
  return frameOf(groups)
}

/** Bytes of its lines. */
export function frameBytes(frame: Frame): number {
  return frame.groups.reduce((sum, group) => sum + group.bytes.length, 0)
}

function frameOf(groups: readonly PlacedGroup[]): Frame {
  const [head] = groups
  const last = groups.at(-1)
  if (head === undefined || last === undefined) throw new RangeError('a frame holds no group')
  return { kind: 'frame', pos: head.pos, next: last.pos + last.count, groups }
}
