/** Answers of the fake server to searches: by the real rules, over the last lines of a run. */
import { type ListedRun, listedRun } from '../../src/shared/listed-run.ts'
import type { LinesPage, WireLine } from '../../src/shared/protocol/events.ts'
import { runFilterSchema, toRunFilter } from '../../src/shared/protocol/run-list.ts'
import type { HistogramAnswer, SearchRecord, WireBucket } from '../../src/shared/protocol/search.ts'
import type { Run } from '../../src/shared/run.ts'
import { matchesFilter } from '../../src/shared/run-filter.ts'

/** Newest first, as the list of runs is asked for. */
export function listedRuns(url: URL, runs: Iterable<Run>): readonly ListedRun[] {
  const { limit: _limit, before, ...fields } = Object.fromEntries(url.searchParams)
  const filter = toRunFilter(runFilterSchema.parse(fields))
  // All fit on one page.
  const listed = [...runs].filter((run) => matchesFilter(run, filter)).map(listedRun)
  return before === undefined ? listed : []
}

/** As the route answers: one JSON object per line. */
export function searchAnswer(url: URL, run: Run, lineOf: (pos: number) => WireLine): string {
  const wanted = (url.searchParams.get('q') ?? '').toLowerCase()
  const from = Math.max(run.first, run.next - looked)
  const found = linesLike(url, { from, to: run.next }, lineOf).filter(({ text }) =>
    text.toLowerCase().includes(wanted),
  )
  const given = found.slice(0, Number(url.searchParams.get('limit') ?? 0))
  const time = run.createdAt
  const records: readonly SearchRecord[] = [
    { kind: 'span', from, to: run.next, time, count: found.length, lines: given },
    { kind: 'end', from, to: run.next, count: found.length, stopped: null },
  ]
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

/** All lines of a run, written in waves; now and then a bar has lines of `err`. */
export function histogramAnswer(
  url: URL,
  run: Run,
  lineOf: (pos: number) => WireLine,
): HistogramAnswer {
  const by = url.searchParams.get('by') === 'pos' ? 'pos' : 'time'
  const asked = Number(url.searchParams.get('buckets') ?? 1)
  const hasLevels = url.searchParams.get('levels') === 'true'
  const { id, first, next } = run
  const [from, end] =
    by === 'pos'
      ? [first, next]
      : [Date.parse(run.createdAt), Date.parse(lineOf(next - 1).time) + 1]
  // By time an interval is one that can be said.
  const unit = by === 'pos' ? 1 : 1_000
  const width = Math.max(1, Math.ceil((end - from) / asked / unit)) * unit
  const size = Math.max(1, Math.ceil((end - from) / width))
  const weights = Array.from({ length: size }, (_, at) => (by === 'pos' ? 1 : wave(at / size)))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const buckets: WireBucket[] = []
  let pos = first
  let weight = 0
  for (const [index, one] of weights.entries()) {
    weight += one
    const until = first + Math.round(((next - first) * weight) / all)
    const err = index % 23 === 7 || index % 31 === 3 ? Math.round((until - pos) / 12) : 0
    const note = index % 37 === 11 ? 1 : 0
    const out = until - pos - err - note
    const levels = hasLevels ? fakeLevels(out + err, index) : {}
    buckets.push({ index, pos, out, err, note, levels })
    pos = until
  }
  const to = from + size * width
  return { run: id, by, from, to, size, buckets, count: next - first, next, stopped: null }
}

/** Most lines say "info", a fifth says nothing; now and then there are warnings and errors. */
function fakeLevels(lines: number, index: number): WireBucket['levels'] {
  const part = (share: number): number => Math.round(lines * share)
  const error = index % 23 === 7 ? part(0.12) : 0
  const warn = index % 7 === 2 ? part(0.18) : part(0.02)
  return { error, warn, info: part(0.44), debug: part(0.2) }
}

/** How much is written at a share of the run. */
function wave(share: number): number {
  return 2.8 + Math.sin(share * 40) + 0.8 * Math.sin(share * 97) + 0.5 * Math.sin(share * 331)
}

/** A page of the lines of some tasks. */
export function taskLines(url: URL, run: Run, lineOf: (pos: number) => WireLine): LinesPage {
  const from = Math.max(Number(url.searchParams.get('from')), run.next - looked)
  const skip = Number(url.searchParams.get('skip') ?? 0)
  const found = linesLike(url, { from, to: run.next }, lineOf)
  const lines = found.slice(skip, skip + Number(url.searchParams.get('limit')))
  return { run: run.id, from, next: (lines.at(-1)?.pos ?? run.next - 1) + 1, lines }
}

function linesLike(
  url: URL,
  { from, to }: { readonly from: number; readonly to: number },
  lineOf: (pos: number) => WireLine,
): readonly WireLine[] {
  const tasks = url.searchParams.get('task')?.split(',').map(Number)
  const lines = Array.from({ length: Math.max(0, to - from) }, (_, at) => lineOf(from + at))
  return tasks === undefined ? lines : lines.filter(({ task }) => tasks.includes(task))
}

const looked = 400
