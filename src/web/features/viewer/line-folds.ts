/**
 * Frames of stack traces folded under the line above them. Each line that is here is looked at once, and
 * again only when a line came that it waits for: what may stand above it, or may go on below it.
 */
import type { WireLine } from '../../../shared/protocol/events.ts'
import { canBeFrame, nextInTrace, type Trace } from '../../../shared/stack-trace.ts'
import { viewsText } from '../../i18n/views-text.ts'
import type { LineSequence } from './line-sequence.ts'

/** What stands at the end of the line above frames. */
export interface FoldChip {
  readonly frames: number
  readonly isOpen: boolean
}

export interface LineFolds {
  /** The line is folded away. */
  isHidden(index: number): boolean
  /** Of the line above frames; null for all others. */
  chipOf(index: number): FoldChip | null
  /** Whether the frames that the line is one of, or stands above, are open; null for all other lines. */
  isOpenAt(index: number): boolean | null
  /** Opens or folds the frames that the line is one of, or stands above; gives the index of the line above them. */
  set(index: number, isOpen: boolean): number | null
  /** Somebody goes to this line: the frames around it open, also when they are not here yet. */
  reveal(index: number): void
  /** Fills the button of a row, which stays the same so that it keeps the focus. */
  fill(button: HTMLElement, chip: FoldChip): void
}

/** Lines in one fold; a trace that is longer is several. */
export const foldLinesMax = 500
/** Fewer would save no room. */
const framesMin = 2
/** So far from a line it is looked for what its frames begin with: as deep as stacks overflow, and no whole log. */
const reachLines = 2_000

/** Frames that follow each other: the lines after `head`, up to before `end`. */
interface Fold {
  readonly head: number
  readonly end: number
  readonly frames: number
}

interface Known {
  readonly fold: Fold | null
  /** Indexes of lines that were not here and would change this. */
  readonly awaits: readonly number[]
}

type Lines = Pick<LineSequence, 'first' | 'end' | 'at' | 'posAt'>

/** Folds whatever can be: whether the reader wants that is decided by who asks. */
export function createLineFolds(lines: Lines): LineFolds {
  const known = new WeakMap<WireLine, Known>()
  /** Positions of the lines above frames that are shown. */
  const opened = new Set<number>()
  let sought: number | null = null

  function foldOf(index: number): Fold | null {
    const line = lines.at(index)
    if (line === undefined || !canBeFrame(line.text)) return null
    const before = known.get(line)
    const isCurrent = before?.awaits.every((awaited) => lines.at(awaited) === undefined) === true
    if (!isCurrent) for (const [one, entry] of decide(lines, index)) known.set(one, entry)
    const fold = known.get(line)?.fold ?? null
    // Without the line above them nothing would say that they are there.
    const isFold = fold !== null && fold.frames >= framesMin && fold.head >= lines.first
    return isFold ? fold : null
  }

  function foldAround(index: number): Fold | null {
    const own = foldOf(index)
    if (own !== null) return own
    const below = foldOf(index + 1)
    return below?.head === index ? below : null
  }

  const isWithin = (index: number | null, { head, end }: Fold): boolean =>
    index !== null && index > head && index < end
  const isOpen = (fold: Fold): boolean =>
    isWithin(sought, fold) || opened.has(lines.posAt(fold.head) ?? -1)

  function set(index: number, isOpenNext: boolean): number | null {
    const fold = foldAround(index)
    const pos = fold === null ? null : lines.posAt(fold.head)
    if (fold === null || pos === null) return null
    if (isOpenNext) opened.add(pos)
    else opened.delete(pos)
    if (!isOpenNext && isWithin(sought, fold)) sought = null
    return fold.head
  }

  return {
    isHidden(index) {
      const fold = foldOf(index)
      return fold !== null && !isOpen(fold)
    },
    chipOf(index) {
      const fold = foldOf(index + 1)
      if (fold?.head !== index) return null
      return { frames: fold.frames, isOpen: isOpen(fold) }
    },
    isOpenAt(index) {
      const fold = foldAround(index)
      return fold === null ? null : isOpen(fold)
    },
    set,
    reveal(index) {
      // What was opened for the line before stays open.
      if (sought !== null && foldOf(sought) !== null) set(sought, true)
      sought = index
    },
    fill(button, chip) {
      button.textContent = viewsText.value.frames(chip.frames)
      button.setAttribute('aria-expanded', String(chip.isOpen))
    },
  }
}

/** Whether the lines around one are frames: all that may be, from the line above the first of them on. */
function decide(lines: Lines, index: number): ReadonlyMap<WireLine, Known> {
  const first = firstOf(lines, index)
  const run = linesFrom(lines, first)
  const around = [first - 1, first + run.length]
  const awaits = around.filter((at) => at >= lines.first && lines.at(at) === undefined)
  // Those of which the head is not known yet stand there as they are.
  const folds = awaits.includes(first - 1) ? [] : foldsOf(run, first, startOf(lines, first))
  return new Map(run.map((line, at) => [line, { fold: folds[at] ?? null, awaits }]))
}

/** The fold of each of the lines; null for what stands by itself. */
function foldsOf(run: readonly WireLine[], first: number, start: Start): (Fold | null)[] {
  let { head, trace } = start
  let fold = { head, end: head, frames: 0 }
  return run.map((line, after) => {
    const at = first + after
    const step = nextInTrace(trace, line.text)
    trace = step.trace
    const isFolded = step.part !== null && at !== head && at - head <= foldLinesMax
    if (!isFolded) {
      head = at
      fold = { head, end: at + 1, frames: 0 }
      return null
    }
    fold.end = at + 1
    if (step.part === 'frame') fold.frames++
    return fold
  })
}

/** The line that may be a frame, and those below it that may be, too. */
function linesFrom(lines: Lines, first: number): readonly WireLine[] {
  const run: WireLine[] = []
  for (let at = first; at < first + 2 * reachLines; at++) {
    const line = lines.at(at)
    if (line === undefined || (at > first && !continues(lines, at))) break
    run.push(line)
  }
  return run
}

interface Start {
  readonly head: number
  readonly trace: Trace | null
}

/** What the first of them stands under: the line above it, else itself. */
function startOf(lines: Lines, first: number): Start {
  const above = lines.at(first - 1)
  if (above === undefined || !isLinked(lines, first)) return { head: first, trace: null }
  return { head: first - 1, trace: nextInTrace(null, above.text).trace }
}

/** The first of the lines up to this one that may all be frames. */
function firstOf(lines: Lines, index: number): number {
  let first = index
  while (index - first < reachLines && continues(lines, first)) {
    const before = lines.at(first - 1)
    if (before === undefined || !canBeFrame(before.text)) break
    first--
  }
  return first
}

function continues(lines: Lines, index: number): boolean {
  const line = lines.at(index)
  return line !== undefined && canBeFrame(line.text) && isLinked(lines, index)
}

/** Of the same task, channel and file as the line before it. */
function isLinked(lines: Lines, index: number): boolean {
  const line = lines.at(index)
  const before = lines.at(index - 1)
  if (line === undefined || before === undefined || line.channel === 'note') return false
  const isSameTask = line.task === before.task && line.channel === before.channel
  return isSameTask && line.file === before.file
}
