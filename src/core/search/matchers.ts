/** Port: matching off the main thread, which can be stopped in the middle of a line; and its reference. */
import type { PlacedGroup } from '../../shared/line-group.ts'
import { createLineMatch, type LineRules, type TextOf } from './match-lines.ts'
import { type Bucket, Tally, type TallyAxis } from './tally.ts'

export interface Matchers {
  /**
   * One that matches for this search alone, until it is disposed: at once from then on, so that the
   * time of a search counts from here. Waits while all are in use. When the signal aborts, it is
   * stopped whatever it does. Rejects with `too-many-searches` and `bad-pattern`, and with the
   * signal's reason.
   */
  open(job: MatchJob, signal: AbortSignal): Promise<Matcher>
}

export interface MatchJob {
  readonly rules: LineRules
  /** What is counted beside the matches; null: nothing. */
  readonly axis: TallyAxis | null
}

export interface Matcher extends AsyncDisposable {
  /**
   * Looks through groups that follow each other. Their bytes belong to the matcher from then on.
   * Rejects with the signal's reason when the search was stopped. One call at a time.
   */
  take(groups: readonly PlacedGroup[], part: MatchPart): Promise<Matches>
}

/** Which of the matching lines are given back. */
export interface MatchPart {
  readonly skip: number
  readonly limit: number
}

export interface Matches {
  /** Lines that match, whether they are given back or not. */
  readonly count: number
  /** Groups made of the matching lines of the part, with their positions. */
  readonly groups: readonly PlacedGroup[]
  readonly buckets: readonly Bucket[]
}

/** What a matcher does with one share of groups. */
export function createMatch(
  job: MatchJob,
  textOf?: TextOf,
): (groups: readonly PlacedGroup[], part: MatchPart) => Matches {
  const match = createLineMatch(job.rules, textOf)
  const { axis } = job
  return (groups, part) => {
    const tally = axis === null ? null : new Tally(axis, textOf ?? decode)
    const picked: PlacedGroup[] = []
    let count = 0
    for (const group of groups) {
      const lines = match(group)
      tally?.add(group, lines)
      const from = Math.max(0, part.skip - count)
      const to = Math.max(0, part.skip + part.limit - count)
      if (lines.length > from && to > from) picked.push(...pickLines(group, lines.slice(from, to)))
      count += lines.length
    }
    return { count, groups: picked, buckets: tally?.buckets() ?? [] }
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const decode: TextOf = (bytes) => decoder.decode(bytes)

/** Groups of the group's lines with these numbers; lines that follow each other stay together. */
function pickLines(group: PlacedGroup, lines: readonly number[]): PlacedGroup[] {
  const picked: PlacedGroup[] = []
  let line = 0
  let offset = 0
  const skipTo = (wanted: number): void => {
    for (; line < wanted; line++) {
      const newline = group.bytes.indexOf(10, offset)
      offset = newline < 0 ? group.bytes.length : newline + 1
    }
  }
  for (let at = 0; at < lines.length; ) {
    const first = lines[at] ?? 0
    let count = 1
    while (lines[at + count] === first + count) count += 1
    skipTo(first)
    const start = offset
    skipTo(first + count)
    picked.push({
      ...group,
      pos: group.pos + first,
      count,
      bytes: group.bytes.slice(start, offset),
      end: first + count === group.count ? group.end : 'newline',
    })
    at += count
  }
  return picked
}

/** The reference: matches where it is called, so nothing can stop it within one share. For tests. */
export const inlineMatchers: Matchers = {
  open: async (job, signal) => {
    const match = createMatch(job)
    return {
      take: async (groups, part) => {
        signal.throwIfAborted()
        return match(groups, part)
      },
      [Symbol.asyncDispose]: async () => {},
    }
  },
}
