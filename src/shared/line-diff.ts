/** What makes two outputs differ: the changed lines with some around them, and in pairs of lines the words. */
import { diffArrays } from 'diff'

export interface LineDiff {
  readonly hunks: readonly DiffHunk[]
  /** They have too little in common to be told apart line by line: what differs stands in one hunk. */
  readonly isCoarse: boolean
}

/** Lines that follow each other in both outputs. Numbers of lines count from 1. */
export interface DiffHunk {
  readonly oldFrom: number
  readonly oldCount: number
  readonly newFrom: number
  readonly newCount: number
  readonly rows: readonly DiffRow[]
}

export interface DiffRow {
  readonly kind: 'same' | 'removed' | 'added'
  /** Joined they are the line. */
  readonly parts: readonly DiffPart[]
}

export interface DiffPart {
  readonly text: string
  readonly isChanged: boolean
}

/** Unchanged lines shown before and after a change. */
const contextLines = 3
/** The work grows with the square of the changes: more of them nobody reads one by one. */
const editsMax = 500
/** Words are looked for in pairs of lines up to this length, and of that many changes. */
const wordCharsMax = 2_000
const wordEditsMax = 200
/** With less than this share in common two lines are no pair. */
const pairShareMin = 0.4

/** How `after` differs from `before`; no hunk when it does not. */
export function diffLines(before: readonly string[], after: readonly string[]): LineDiff {
  const head = commonHead(before, after)
  const tail = commonTail(before.slice(head), after.slice(head))
  const old = before.slice(head, before.length - tail)
  const fresh = after.slice(head, after.length - tail)
  const changes = diffArrays([...old], [...fresh], { maxEditLength: editsMax })
  const middle: Line[] = (changes ?? [replaced(old, 'removed'), replaced(fresh, 'added')]).flatMap(
    ({ value, added, removed }) =>
      value.map(
        (text) => ({ kind: removed ? 'removed' : added ? 'added' : 'same', text }) as const,
      ),
  )
  const same = (text: string): Line => ({ kind: 'same', text })
  const lines = [
    ...before.slice(0, head).map(same),
    ...middle,
    ...before.slice(before.length - tail).map(same),
  ]
  const isCoarse = changes === undefined
  return { hunks: hunksOf(lines, isCoarse ? unpaired : paired), isCoarse }
}

interface Line {
  readonly kind: DiffRow['kind']
  readonly text: string
}

function replaced(value: readonly string[], kind: 'removed' | 'added') {
  return { value, added: kind === 'added', removed: kind === 'removed' }
}

function commonHead(before: readonly string[], after: readonly string[]): number {
  const most = Math.min(before.length, after.length)
  let count = 0
  while (count < most && before[count] === after[count]) count++
  return count
}

function commonTail(before: readonly string[], after: readonly string[]): number {
  const most = Math.min(before.length, after.length)
  let count = 0
  while (count < most && before.at(-1 - count) === after.at(-1 - count)) count++
  return count
}

type RowsOf = (lines: readonly Line[]) => DiffRow[]

function hunksOf(lines: readonly Line[], rowsOf: RowsOf): DiffHunk[] {
  const hunks: DiffHunk[] = []
  let [oldLine, newLine] = [1, 1]
  let at = 0
  const pass = (line: Line): void => {
    if (line.kind !== 'added') oldLine += 1
    if (line.kind !== 'removed') newLine += 1
  }
  for (const { from, to } of changedRanges(lines)) {
    for (const line of lines.slice(at, from)) pass(line)
    const [oldFrom, newFrom] = [oldLine, newLine]
    const part = lines.slice(from, to)
    for (const line of part) pass(line)
    hunks.push({
      oldFrom,
      oldCount: oldLine - oldFrom,
      newFrom,
      newCount: newLine - newFrom,
      rows: rowsOf(part),
    })
    at = to
  }
  return hunks
}

/** Changes that are near to each other share a range. */
function changedRanges(lines: readonly Line[]): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = []
  for (const [at, { kind }] of lines.entries()) {
    if (kind === 'same') continue
    const from = Math.max(0, at - contextLines)
    const to = Math.min(lines.length, at + 1 + contextLines)
    const last = ranges.at(-1)
    if (last !== undefined && from <= last.to) last.to = to
    else ranges.push({ from, to })
  }
  return ranges
}

function unpaired(lines: readonly Line[]): DiffRow[] {
  return lines.map(({ kind, text }) => ({ kind, parts: [{ text, isChanged: false }] }))
}

/** Removed lines that added ones stand right after are their pairs, one after the other. */
function paired(lines: readonly Line[]): DiffRow[] {
  const rows = unpaired(lines)
  for (let at = 0; at < lines.length; ) {
    const removed = countFrom(lines, at, 'removed')
    const added = countFrom(lines, at + removed, 'added')
    for (let pair = 0; pair < Math.min(removed, added); pair++) {
      const [first, second] = [at + pair, at + removed + pair]
      const words = pairWords(lines[first]?.text ?? '', lines[second]?.text ?? '')
      if (words === null) continue
      rows[first] = { kind: 'removed', parts: words.old }
      rows[second] = { kind: 'added', parts: words.fresh }
    }
    at += Math.max(1, removed + added)
  }
  return rows
}

function countFrom(lines: readonly Line[], from: number, kind: Line['kind']): number {
  let count = 0
  while (lines[from + count]?.kind === kind) count++
  return count
}

/** Null when the two have so little in common that marks would only confuse. */
function pairWords(old: string, fresh: string) {
  if (Math.max(old.length, fresh.length) > wordCharsMax) return null
  const changes = diffArrays(wordsOf(old), wordsOf(fresh), { maxEditLength: wordEditsMax })?.map(
    ({ value, added, removed }) => ({ text: value.join(''), added, removed }),
  )
  if (changes === undefined) return null
  const common = changes
    .filter(({ added, removed }) => !added && !removed)
    .reduce((sum, { text }) => sum + text.length, 0)
  if (common < pairShareMin * Math.max(old.length, fresh.length)) return null
  const isOfWords = changes.some(
    ({ text, added, removed }) => (added || removed) && /\S/.test(text),
  )
  const part = (text: string, isChanged: boolean): DiffPart[] =>
    isChanged && isOfWords ? withoutEdges(text) : [{ text, isChanged }]
  return {
    old: changes.filter(({ added }) => !added).flatMap(({ text, removed }) => part(text, removed)),
    fresh: changes
      .filter(({ removed }) => !removed)
      .flatMap(({ text, added }) => part(text, added)),
  }
}

/** Blanks around a changed word only move columns: they are marked where nothing else differs. */
function withoutEdges(text: string): DiffPart[] {
  const [, before = '', core = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? []
  const parts = [
    { text: before, isChanged: false },
    { text: core, isChanged: true },
    { text: after, isChanged: false },
  ]
  return parts.filter((one) => one.text !== '')
}

/** Numbers with their points, times and names with hyphens are one word; a Han character is one. */
const word = /\p{Script=Han}|[\p{L}\p{N}_]+(?:[.:-][\p{L}\p{N}_]+)*|\s+|./gsu

function wordsOf(line: string): string[] {
  return line.match(word) ?? []
}
