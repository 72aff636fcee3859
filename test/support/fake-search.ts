/** Answers of the fake server to searches: by the real rules, over the last lines of a run. */
import type { WireLine } from '../../src/shared/protocol/events.ts'
import { runFilterSchema, toRunFilter } from '../../src/shared/protocol/run-list.ts'
import type { SearchRecord } from '../../src/shared/protocol/search.ts'
import type { Run } from '../../src/shared/run.ts'
import { matchesFilter } from '../../src/shared/run-filter.ts'

/** Newest first, as the list of runs is asked for. */
export function listedRuns(url: URL, runs: Iterable<Run>): readonly Run[] {
  const { limit: _limit, before, ...fields } = Object.fromEntries(url.searchParams)
  const filter = toRunFilter(runFilterSchema.parse(fields))
  // All fit on one page.
  return before === undefined ? [...runs].filter((run) => matchesFilter(run, filter)) : []
}

/** As the route answers: one JSON object per line. */
export function searchAnswer(url: URL, run: Run, lineOf: (pos: number) => WireLine): string {
  const wanted = (url.searchParams.get('q') ?? '').toLowerCase()
  const from = Math.max(run.first, run.next - looked)
  const lines = Array.from({ length: run.next - from }, (_, at) => lineOf(from + at))
  const found = lines.filter(({ text }) => text.toLowerCase().includes(wanted))
  const given = found.slice(0, Number(url.searchParams.get('limit') ?? 0))
  const time = run.createdAt
  const records: readonly SearchRecord[] = [
    { kind: 'span', from, to: run.next, time, count: found.length, lines: given },
    { kind: 'end', from, to: run.next, count: found.length, stopped: null },
  ]
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

const looked = 400
