/** The lines that the page holds: one dense stretch of a run, bounded in lines and in characters. */
import type { WireGroup, WireLine } from '../../../shared/protocol/events.ts'

export interface LineBuffer {
  /** The stretch held is `first` to `end` (exclusive). */
  readonly first: number
  readonly end: number
  at(pos: number): WireLine | undefined
  /** Adds lines after `end`; the oldest are dropped over the bounds. Lines that are not next are refused. */
  append(lines: readonly WireLine[]): boolean
  /** Adds lines before `first`; the newest are dropped over the bounds. */
  prepend(lines: readonly WireLine[]): boolean
  /** Forgets all lines; the next one is `pos`. */
  reset(pos: number): void
  /** Forgets the lines from `pos` on. */
  truncate(pos: number): void
}

export interface BufferBounds {
  readonly linesMax: number
  readonly charsMax: number
}

/** About 10 MB of short lines: enough to scroll, little enough for a phone. */
const bufferBounds: BufferBounds = { linesMax: 20_000, charsMax: 8_000_000 }

/** An empty buffer whose next line is `pos`. */
export function createLineBuffer(pos: number, bounds: BufferBounds = bufferBounds): LineBuffer {
  let lines: WireLine[] = []
  /** Lines before this index are dropped; they are cut off in one go when they are many. */
  let head = 0
  let first = pos
  let chars = 0

  const size = (): number => lines.length - head
  const isOver = (): boolean => size() > 1 && (size() > bounds.linesMax || chars > bounds.charsMax)

  function dropOldest(): void {
    while (isOver()) {
      chars -= lines[head]?.text.length ?? 0
      head++
      first++
    }
    if (head > 4_096 && head * 2 > lines.length) {
      lines = lines.slice(head)
      head = 0
    }
  }

  return {
    get first() {
      return first
    },
    get end() {
      return first + size()
    },
    at: (at) => (at < first ? undefined : lines[head + at - first]),
    append(more) {
      if (more[0] !== undefined && more[0].pos !== first + size()) return false
      for (const line of more) {
        lines.push(line)
        chars += line.text.length
      }
      dropOldest()
      return true
    },
    prepend(more) {
      const last = more.at(-1)
      if (last !== undefined && last.pos !== first - 1) return false
      lines = [...more, ...lines.slice(head)]
      head = 0
      first -= more.length
      for (const line of more) chars += line.text.length
      while (isOver()) chars -= lines.pop()?.text.length ?? 0
      return true
    },
    reset(at) {
      lines = []
      head = 0
      first = at
      chars = 0
    },
    truncate(at) {
      const keep = Math.max(0, at - first)
      for (const dropped of lines.splice(head + keep)) chars -= dropped.text.length
      if (at < first) first = at
    },
  }
}

/** The groups of a stream event as single lines from `pos` on. */
export function linesOfGroups(pos: number, groups: readonly WireGroup[]): WireLine[] {
  const lines: WireLine[] = []
  let next = pos
  for (const group of groups) {
    const { task, channel, time, file } = group
    const shared = { task, channel, time, ...(file === undefined ? {} : { file }) }
    const from = lines.length
    for (const text of group.lines) lines.push({ pos: next++, ...shared, text })
    markEnds(lines, from, group)
  }
  return lines
}

/** The few lines that are cut, continued or unterminated. */
function markEnds(lines: WireLine[], from: number, group: WireGroup): void {
  for (const { index, bytes } of group.cut ?? []) {
    const line = lines[from + index]
    if (line !== undefined) lines[from + index] = { ...line, bytes }
  }
  const last = lines.at(-1)
  if (group.end !== undefined && last !== undefined) {
    lines[lines.length - 1] = { ...last, end: group.end }
  }
}
