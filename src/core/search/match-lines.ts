/** Which lines of a group a search is about. Pure: the same answer in any thread. */
import type { Channel } from '../../shared/channel.ts'
import { visibleText } from '../../shared/display.ts'
import { compileForLines } from '../../shared/line-bound.ts'
import { type PlacedGroup, textsOf } from '../../shared/line-group.ts'
import { createTextTest } from '../../shared/line-test.ts'
import type { SearchQuery } from '../../shared/search-query.ts'
import { compilePattern } from '../../shared/text-pattern.ts'

/** A query with its hosts looked up in the run: plain data, which can be sent to a thread. */
export interface LineRules extends Omit<SearchQuery, 'hosts'> {
  readonly tasks: readonly number[] | null
}

/** Text of bytes: UTF-8 with U+FFFD for what is not; one character per byte will do when all are ASCII. */
export type TextOf = (bytes: Uint8Array) => string

/** Gives the numbers of the matching lines in a group, in order. Throws `bad-pattern`. */
export function createLineMatch(
  rules: LineRules,
  textOf: TextOf = utf8,
): (group: PlacedGroup) => readonly number[] {
  const isText = createTextTest(rules)
  const scan = scanOf(rules, isText)
  return (group) => {
    if (!isWantedGroup(rules, group)) return []
    const [first, end] = rangeIn(rules, group)
    if (isText === null) return numbers(first, end)
    const text = textOf(group.bytes)
    const shown = shownText(text, group.bytes.length)
    if (scan !== null && shown !== null) return linesOfPlaces(shown, scan, { first, end })
    const lines = textsOf(group, shown ?? text)
    const visible = shown === null ? visibleText : asItIs
    return numbers(first, end).filter((at) => isText(visible(lines[at] ?? '')))
  }
}

/**
 * A text of several lines as it is shown, where that can be told without looking at each line: most
 * logs hold no control characters but colours and CRs before newlines. Null where it cannot.
 */
function shownText(text: string, bytes: number): string | null {
  // A control character of eight bits takes two bytes: as many characters as bytes means none.
  if (text.length !== bytes && /[\u0080-\u009f]/.test(text)) return null
  const unix = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text
  const plain = unix.includes('\u001b') ? unix.replaceAll(color, '') : unix
  return plain.includes('\r') || plain.includes('\u001b') ? null : plain
}

// eslint-disable-next-line no-control-regex -- escape sequences are what this looks for
const color = /\u001b\[[0-9;:]{0,64}m/g

const asItIs = (line: string): string => line

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const utf8: TextOf = (bytes) => decoder.decode(bytes)

function isWantedGroup(rules: LineRules, { channel, task, time }: PlacedGroup): boolean {
  if (!isIn<Channel>(rules.channels, channel) || !isIn(rules.tasks, task)) return false
  return time >= (rules.since ?? -Infinity) && time < (rules.until ?? Infinity)
}

function isIn<T>(wanted: readonly T[] | null, value: T): boolean {
  return wanted === null || wanted.includes(value)
}

/** Numbers of the group's lines that lie between the positions of the query. */
function rangeIn({ from, to }: LineRules, { pos, count }: PlacedGroup): [number, number] {
  return [Math.max(0, from - pos), Math.min(count, to - pos)]
}

function numbers(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at)
}

/** How to look through many lines at once, from one place to the next. */
interface Scan {
  /** The next place at or after a place, or -1: no line before its line is wanted. */
  next(text: string, at: number): number
  /** Whether the line of a place is wanted; null when every such line is. */
  readonly isWanted: ((line: string) => boolean) | null
}

/** By one of the texts that a line must have: plain text is found fastest. */
function scanOf({ texts, levels }: LineRules, isText: Scan['isWanted']): Scan | null {
  const wanted = texts.filter(({ isInverse }) => !isInverse).map(({ pattern }) => pattern)
  const plain = wanted.find(({ isRegex }) => !isRegex)
  if (plain !== undefined) {
    const isWanted = texts.length === 1 && levels === null ? null : isText
    // It holds no line end, so no place lies in two lines.
    if (plain.ignoresCase) return { next: nextBy(compilePattern(plain)), isWanted }
    return { next: (text, at) => text.indexOf(plain.text, at), isWanted }
  }
  for (const pattern of wanted) {
    const regex = compileForLines(pattern)
    if (regex !== null) return { next: nextBy(regex), isWanted: isText }
  }
  return null
}

function nextBy(regex: RegExp): Scan['next'] {
  return (text, at) => {
    regex.lastIndex = at
    return regex.exec(text)?.index ?? -1
  }
}

/** Numbers of the wanted lines; text between places is passed over by counting line ends. */
function linesOfPlaces(
  text: string,
  scan: Scan,
  { first, end }: { readonly first: number; readonly end: number },
): number[] {
  const lines: number[] = []
  let line = 0
  let start = 0
  for (let place = scan.next(text, 0); place >= 0; place = scan.next(text, start)) {
    for (let next = text.indexOf('\n', start); next >= 0 && next < place; ) {
      line += 1
      start = next + 1
      next = text.indexOf('\n', start)
    }
    if (line >= end) break
    const lineEnd = text.indexOf('\n', place)
    const shown = (): string => text.slice(start, lineEnd < 0 ? text.length : lineEnd)
    if (line >= first && scan.isWanted?.(shown()) !== false) lines.push(line)
    if (lineEnd < 0) break
    line += 1
    start = lineEnd + 1
  }
  return lines
}
