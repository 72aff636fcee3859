/**
 * Search in the stored lines of a run: reads share by share through the log, lets a matcher look, and
 * tells after each share how far it is. So hits come as they are found, whoever asks can go on from
 * where an answer ended, and the server keeps nothing between two questions.
 */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { type PlacedGroup, splitGroup } from '../../shared/line-group.ts'
import type { Run, RunId } from '../../shared/run.ts'
import type { SearchQuery } from '../../shared/search-query.ts'
import { parseTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import type { LogStore } from '../store/log-store.ts'
import type { LineRules } from './match-lines.ts'
import type { Matchers, Matches, MatchJob, MatchPart } from './matchers.ts'
import { readShares, type Share, type ShareRange } from './read-shares.ts'
import { addBuckets, type Bucket, type TallyAxis } from './tally.ts'

export interface Search {
  /**
   * Spans as they are looked through, in the order asked for, then `end`. Rejects with `not-found`,
   * `bad-pattern` and `too-many-searches`; returns without `end` when the signal aborts.
   */
  search(ask: SearchAsk, signal: AbortSignal): AsyncGenerator<SearchReport>
  /** The matching lines after `skip` others, at most `limit`, and how far it was looked for them. */
  page(ask: PageAsk, signal: AbortSignal): Promise<MatchedPage>
  /** Matching lines by interval of time or position. */
  histogram(ask: HistogramAsk, signal: AbortSignal): Promise<Histogram>
}

export interface SearchParts {
  readonly log: Pick<LogStore, 'read'>
  readonly runs: { get(id: RunId): Promise<Run> }
  readonly matchers: Matchers
  readonly clock: Clock
}

export interface SearchAsk {
  readonly run: RunId
  readonly query: SearchQuery
  readonly order: 'forward' | 'backward'
  /** Matching lines that are given, at most; all are counted. */
  readonly limit: number
}

export type PageAsk = Pick<SearchAsk, 'run' | 'query' | 'limit'> & { readonly skip: number }

export interface HistogramAsk {
  readonly run: RunId
  readonly query: SearchQuery
  readonly by: TallyAxis['kind']
  readonly buckets: number
  readonly withLevels: boolean
}

export type SearchReport = SearchSpan | SearchEnd

/** Positions from `from` to before `to` were looked through. */
export interface SearchSpan {
  readonly kind: 'span'
  readonly from: number
  readonly to: number
  /** When the line arrived at which the search is now. */
  readonly time: number
  readonly count: number
  /** The first of the matching lines, in the order of the search, while there is room for them. */
  readonly groups: readonly PlacedGroup[]
}

export interface SearchEnd {
  readonly kind: 'end'
  /** What was looked through in all; where to go on is at its end, or at its start going back. */
  readonly from: number
  readonly to: number
  readonly count: number
  /** Why it is not all that was asked for; null: it is. */
  readonly stopped: Stopped | null
}

/** Time was up: between two shares, or within one, which then is not among what was looked through. */
export interface Stopped {
  readonly message: string
  readonly hint: string
}

export interface MatchedPage {
  readonly from: number
  /** Where the next page begins. */
  readonly next: number
  readonly groups: readonly PlacedGroup[]
  readonly stopped: Stopped | null
}

export interface Histogram {
  readonly axis: TallyAxis
  readonly buckets: readonly Bucket[]
  readonly count: number
  readonly next: number
  readonly stopped: Stopped | null
}

/** Searches the runs of a log. */
export function createSearch(parts: SearchParts): Search {
  return {
    search: (ask, signal) => searchRun(parts, ask, signal),
    page: (ask, signal) => readPage(parts, ask, signal),
    histogram: (ask, signal) => countLines(parts, ask, signal),
  }
}

async function* searchRun(
  parts: SearchParts,
  ask: SearchAsk,
  signal: AbortSignal,
): AsyncGenerator<SearchReport> {
  const { order, query, limit } = ask
  const run = await parts.runs.get(ask.run)
  const range = rangeOf(run, query)
  let seen =
    order === 'forward' ? { from: range.from, to: range.from } : { from: range.to, to: range.to }
  let count = 0
  let room = limit
  const look: Look = {
    range: { run: run.id, ...range, order },
    job: { rules: rulesOf(run, query), axis: null },
    // Going back the last ones of a share are wanted, so all of them are asked for.
    part: () => ({ skip: 0, limit: order === 'backward' && room > 0 ? Infinity : room }),
  }
  for await (const item of lookThrough(parts, look, signal)) {
    if (item.kind === 'stopped') return yield { kind: 'end', ...seen, count, stopped: item.why }
    const { share, matches } = item
    seen = { from: Math.min(seen.from, share.from), to: Math.max(seen.to, share.to) }
    count += matches.count
    const groups = lastLines(matches.groups, room)
    room -= linesIn(groups)
    yield {
      kind: 'span',
      from: share.from,
      to: share.to,
      time: timeAt(share, order),
      count: matches.count,
      groups,
    }
  }
  if (!signal.aborted) yield { kind: 'end', ...seen, count, stopped: null }
}

async function readPage(
  parts: SearchParts,
  { run: id, query, skip, limit }: PageAsk,
  signal: AbortSignal,
): Promise<MatchedPage> {
  const run = await parts.runs.get(id)
  const range = rangeOf(run, query)
  const groups: PlacedGroup[] = []
  let passed = 0
  let next = range.from
  let bytes = 0
  const look: Look = {
    range: { run: id, ...range, order: 'forward' },
    job: { rules: rulesOf(run, query), axis: null },
    part: () => ({ skip: Math.max(0, skip - passed), limit: limit - linesIn(groups) }),
  }
  for await (const item of lookThrough(parts, look, signal)) {
    if (item.kind === 'stopped') return { from: range.from, next, groups, stopped: item.why }
    groups.push(...item.matches.groups)
    passed += item.matches.count
    bytes += item.matches.groups.reduce((sum, group) => sum + group.bytes.length, 0)
    const isFull = linesIn(groups) >= limit
    next = isFull ? endOf(groups) : item.share.to
    if (isFull || bytes >= limits.pageBytesMax) break
  }
  return { from: range.from, next, groups, stopped: null }
}

async function countLines(
  parts: SearchParts,
  ask: HistogramAsk,
  signal: AbortSignal,
): Promise<Histogram> {
  const run = await parts.runs.get(ask.run)
  const range = rangeOf(run, ask.query)
  const axis = axisOf(run, ask, parts.clock.now())
  let sum: readonly Bucket[] = []
  let count = 0
  let next = range.from
  const look: Look = {
    range: { run: run.id, ...range, order: 'forward' },
    job: { rules: rulesOf(run, ask.query), axis },
    part: () => ({ skip: 0, limit: 0 }),
  }
  for await (const item of lookThrough(parts, look, signal)) {
    if (item.kind === 'stopped') return { axis, buckets: sum, count, next, stopped: item.why }
    sum = addBuckets(sum, item.matches.buckets)
    count += item.matches.count
    next = item.share.to
  }
  return { axis, buckets: sum, count, next, stopped: null }
}

interface Look {
  readonly range: ShareRange
  readonly job: MatchJob
  /** Which lines of the next share are wanted. */
  readonly part: () => MatchPart
}

type Looked =
  | { readonly kind: 'share'; readonly share: Share; readonly matches: Matches }
  | { readonly kind: 'stopped'; readonly why: Stopped }

/** Share after share with its matches; `stopped` when the time is up. */
async function* lookThrough(
  { log, matchers, clock }: SearchParts,
  { range, job, part }: Look,
  signal: AbortSignal,
): AsyncGenerator<Looked> {
  const stop = new AbortController()
  const leave = (): void => stop.abort(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  let takeBack = (): void => {}
  let at = range.order === 'forward' ? range.from : range.to
  let matchingSince: number | null = null
  try {
    await using matcher = await matchers.open(job, stop.signal)
    // Not before: who has waited for a place, and for a thread to start, has its whole time then.
    takeBack = clock.after(limits.searchMs, () => stop.abort(timeUp))
    for await (const share of readShares(log, range)) {
      matchingSince = clock.elapsed()
      const matches = await matcher.take(share.groups, part())
      matchingSince = null
      at = range.order === 'forward' ? share.to : share.from
      yield { kind: 'share', share, matches }
      stop.signal.throwIfAborted()
    }
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown
    if (signal.aborted) return
    const matchingMs = matchingSince === null ? 0 : clock.elapsed() - matchingSince
    yield { kind: 'stopped', why: whyStopped(at, matchingMs) }
  } finally {
    takeBack()
    signal.removeEventListener('abort', leave)
  }
}

const timeUp = new AppError('internal', 'The time of a search is up.')

/** A share takes milliseconds: one that took this long is not slow but hopeless. */
const hopelessMs = limits.searchMs / 2

function whyStopped(at: number, matchingMs: number): Stopped {
  const after = `The search stopped after ${limits.searchMs / 1_000} s at line ${at}`
  return matchingMs >= hopelessMs
    ? {
        message: `${after}: this pattern takes too long on a line there.`,
        hint: 'Write it without repeated groups that hold repetitions, as "(a+)+", or search for plain text.',
      }
    : {
        message: `${after}; what comes after that was not looked through.`,
        hint: 'Go on from there.',
      }
}

/** What of the run the query's positions name. */
function rangeOf(run: Run, { from, to }: SearchQuery): { from: number; to: number } {
  const start = Math.min(Math.max(run.first, from), run.next)
  return { from: start, to: Math.max(start, Math.min(run.next, to)) }
}

/** Hosts are looked up in the run; one that it has not has no lines in it. */
function rulesOf(run: Run, { hosts, ...query }: SearchQuery): LineRules {
  if (hosts === null) return query
  const ids = run.tasks.filter(({ host }) => hosts.includes(host)).map(({ id }) => id)
  return {
    ...query,
    tasks: query.tasks === null ? ids : ids.filter((id) => query.tasks?.includes(id)),
  }
}

function axisOf(run: Run, ask: HistogramAsk, now: number): TallyAxis {
  const { by, buckets, withLevels, query } = ask
  const end = run.endedAt === null ? now : parseTime(run.endedAt)
  const range =
    by === 'pos'
      ? rangeOf(run, query)
      : { from: query.since ?? parseTime(run.createdAt), to: query.until ?? end }
  return { kind: by, ...range, buckets, withLevels }
}

function timeAt({ groups }: Share, order: SearchAsk['order']): number {
  return (order === 'forward' ? groups.at(-1) : groups[0])?.time ?? 0
}

function linesIn(groups: readonly PlacedGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0)
}

function endOf(groups: readonly PlacedGroup[]): number {
  const last = groups.at(-1)
  return last === undefined ? 0 : last.pos + last.count
}

/** The last lines of the groups, at most `room`. */
function lastLines(groups: readonly PlacedGroup[], room: number): readonly PlacedGroup[] {
  let over = linesIn(groups) - room
  if (over <= 0) return groups
  return groups.flatMap((group) => {
    const cut = Math.min(over, group.count)
    over -= cut
    if (cut === group.count) return []
    return cut === 0 ? [group] : [splitGroup(group, cut)[1]]
  })
}
