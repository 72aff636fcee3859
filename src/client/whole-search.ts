/** A search of a whole run: a server ends one after some seconds, and is asked again from there. */
import { AppError } from '../shared/errors.ts'
import type { ListedRun } from '../shared/listed-run.ts'
import type { SearchEndRecord, SearchSpanRecord } from '../shared/protocol/search.ts'
import type { RunId } from '../shared/run.ts'
import type { FarglassApi, LineFilter, ListQuery } from './api.ts'

export interface WholeSearch {
  readonly run: RunId
  readonly filter: LineFilter
  /** Matching lines that are given, at most; all are counted. */
  readonly limit: number
  readonly signal: AbortSignal
}

/** The spans from the start of the run to its end. A search that gets no further rejects with the reason. */
export async function* searchWholeRun(
  api: Pick<FarglassApi, 'search'>,
  { run, filter, limit, signal }: WholeSearch,
): AsyncGenerator<SearchSpanRecord> {
  let wanted = limit
  for (let from = 0; !signal.aborted; ) {
    const ask = { ...filter, from: String(from), limit: wanted }
    let end: SearchEndRecord | null = null
    for await (const record of api.search(run, ask, signal)) {
      if (record.kind === 'end') end = record
      else {
        wanted = Math.max(0, wanted - record.lines.length)
        yield record
      }
    }
    if (end === null || end.stopped === null) return
    if (end.to <= from) throw new AppError('bad-request', end.stopped.message, end.stopped)
    from = end.to
  }
}

/** Every run that the query takes, the newest first, page by page. */
export async function* eachRun(
  api: Pick<FarglassApi, 'list'>,
  query: ListQuery & { readonly limit: number },
): AsyncGenerator<ListedRun> {
  let page = await api.list(query)
  while (page.length > 0) {
    yield* page
    // A page that is not full was the last one.
    const before = page.length < query.limit ? undefined : page.at(-1)?.id
    if (before === undefined) return
    page = await api.list({ ...query, before })
  }
}

/** The hosts of a run by their tasks, which lists do not have of large runs. */
export async function taskHosts(
  api: Pick<FarglassApi, 'get'>,
  { id, hosts, firstTasks }: ListedRun,
): Promise<ReadonlyMap<number, string>> {
  const tasks = hosts === firstTasks.length ? firstTasks : (await api.get(id)).tasks
  return new Map(tasks.map((task) => [task.id, task.host]))
}
