/** Lists of runs. Who asks again gets the very same list while nothing has changed: no runs travel then. */
import {
  type ListedRun,
  type ListedTask,
  listedRun,
  type TaskCounts,
} from '../shared/listed-run.ts'
import type { FarglassApi, ListQuery } from './api.ts'
import { array, asFields, asRun, asRunHead, text, whole } from './event-parser.ts'

export type RunLists = Pick<FarglassApi, 'list' | 'listWhole'>

interface Server {
  /** Rejects for whatever is not a success. */
  readonly request: (path: string, init?: RequestInit) => Promise<Response>
  readonly readJson: (answer: Response) => Promise<unknown>
}

/** By the path; the one that was asked for last stands last. */
export type KeptLists = Map<string, { readonly etag: string; readonly runs: readonly ListedRun[] }>

/** Of as many queries as a page has lists on the screen. */
const keptMax = 4

export function createRunLists({ request, readJson }: Server, kept: KeptLists): RunLists {
  const runsOf = async (answer: Response) => array(asFields(await readJson(answer)), 'runs')
  return {
    list: async (query = {}) => {
      const path = listPath(query)
      const known = kept.get(path)
      const answer = await request(path, known ? { headers: { 'if-none-match': known.etag } } : {})
      if (known !== undefined && answer.status === 304) return known.runs
      const runs = (await runsOf(answer)).map(asListedRun)
      const etag = answer.headers.get('etag')
      kept.delete(path)
      if (etag !== null) kept.set(path, { etag, runs })
      for (const [oldest] of kept) if (kept.size > keptMax) kept.delete(oldest)
      return runs
    },
    listWhole: async (query = {}) =>
      (await runsOf(await request(listPath({ ...query, tasks: 'true' })))).map(asRun),
  }
}

function listPath(query: ListQuery & { readonly tasks?: 'true' }): string {
  const fields = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return `/api/v1/runs${fields.length === 0 ? '' : `?${new URLSearchParams(fields).toString()}`}`
}

/** Throws `bad-response`. */
function asListedRun(value: unknown): ListedRun {
  const fields = asFields(value)
  // A server of 0.1.0 lists whole runs.
  if (fields['tasks'] !== undefined) return listedRun(asRun(value))
  return {
    ...asRunHead(value),
    hosts: whole(fields, 'hosts'),
    // A word that this version does not know is one more that nobody looks for.
    counts: asFields(fields['counts']) as TaskCounts,
    away: whole(fields, 'away'),
    bytes: whole(fields, 'bytes'),
    firstTasks: array(fields, 'firstTasks').map(asListedTask),
  }
}

function asListedTask(value: unknown): ListedTask {
  const fields = asFields(value)
  whole(fields, 'id')
  text(fields, 'host')
  text(fields, 'state')
  return value as ListedTask
}
