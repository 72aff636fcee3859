/** The Farglass API over HTTP, for the page and the command line: fetch, and a stream that resumes. */
import { AppError, type ErrorCode, errorTable } from '../shared/errors.ts'
import type { MaskName } from '../shared/line-mask.ts'
import type { Mark } from '../shared/mark.ts'
import type { LinesPage } from '../shared/protocol/events.ts'
import type { GroupedRun } from '../shared/protocol/groups.ts'
import type { RerunRequest } from '../shared/protocol/rerun.ts'
import type { HistogramAnswer } from '../shared/protocol/search.ts'
import type { StartRequest } from '../shared/protocol/start-run.ts'
import type { Answer } from '../shared/question.ts'
import type { Run, RunId } from '../shared/run.ts'
import type { SearchFields } from '../shared/search-query.ts'
import type {
  BytesPart,
  FarglassApi,
  FollowEvent,
  FollowFrom,
  ListQuery,
  MatchingRequest,
  SearchRequest,
} from './api.ts'
import { asFields, asLinesPage, asMarks, asRun } from './event-parser.ts'
import { followStream } from './follow-stream.ts'
import type { HostCalls } from './host-calls.ts'
import type { KeptLists } from './run-lists.ts'

export interface HttpApiOptions {
  /** Where the server is, `http://127.0.0.1:4770`; empty for the page's own origin. */
  readonly baseUrl: string
  /** API token, sent as `Authorization: Bearer`. */
  readonly token?: string
  readonly fetch?: typeof fetch
  /** Further headers of every request; a function when they change (the page key after sign-in). */
  readonly headers?: HeaderFields | (() => HeaderFields)
  /** A stream that is silent for longer is given up and asked for again; 45 s without this. */
  readonly silenceMs?: number
  /** A stream that is held back on its way fails with `stream-held`; without this it is waited for. */
  readonly noticesHeld?: boolean
}

export type HeaderFields = Readonly<Record<string, string>>

export interface HttpApi extends FarglassApi {
  /** A request to a route of the server that is not about runs, by another fetch when one is given. Rejects as every other call. */
  request(path: string, init?: RequestInit, by?: typeof fetch): Promise<Response>
  /** How many lines match, by time or position. */
  histogram(id: RunId, ask: HistogramRequest, signal: AbortSignal): Promise<HistogramAnswer>
}

export interface HistogramRequest extends SearchFields {
  readonly by?: 'time' | 'pos'
  readonly buckets?: number
  /** Levels are counted too, which is slower. */
  readonly levels?: boolean
}

/** The client of one server. Holds no connection by itself. */
export function createHttpApi(options: HttpApiOptions): HttpApi {
  const request = (path: string, init?: RequestInit, by = options.fetch) =>
    send({ ...options, ...(by && { fetch: by }) }, path, init)
  const json = async (path: string, init?: RequestInit) => readJson(await request(path, init))
  const keptLists: KeptLists = new Map()
  const lists = async () =>
    (await import('./run-lists.ts')).createRunLists({ request, readJson }, keptLists)
  const getRun = async (id: RunId) => asRun(await json(runPath(id)))
  return {
    request,
    bytes: async (id: RunId, { task, channel, from, to }: BytesPart): Promise<Uint8Array> => {
      const query = queryText({ task, channel, from, to })
      const response = await request(`${runPath(id)}/raw${query}`)
      return new Uint8Array(await response.arrayBuffer())
    },
    start: async (body: StartRequest, key?: string): Promise<Run> =>
      asRun(await json('/api/v1/runs', post(body, keyHeader(key)))),
    rerun: async (id: RunId, body: RerunRequest, key?: string): Promise<Run> =>
      asRun(await json(`${runPath(id)}/rerun`, post(body, keyHeader(key)))),
    get: getRun,
    list: async (query?: ListQuery) => (await lists()).list(query),
    listWhole: async (query?: ListQuery) => (await lists()).listWhole(query),
    stop: async (id: RunId): Promise<Run> => asRun(await json(`${runPath(id)}/stop`, post({}))),
    remove: async (id: RunId): Promise<void> => {
      const done = await request(runPath(id), { method: 'DELETE' })
      await done.body?.cancel()
    },
    pin: async (id: RunId, isPinned: boolean): Promise<Run> =>
      asRun(await json(`${runPath(id)}/pin`, { method: isPinned ? 'PUT' : 'DELETE' })),
    answer: async (id: RunId, task: number, answer: Answer): Promise<void> => {
      const done = await request(`${runPath(id)}/tasks/${task}/answer`, post(answer))
      await done.body?.cancel()
    },
    marks: async (id: RunId): Promise<readonly Mark[]> =>
      asMarks(await json(`${runPath(id)}/marks`)),
    mark: async (id: RunId, pos: number, isMarked: boolean): Promise<readonly Mark[]> =>
      asMarks(await json(`${runPath(id)}/marks/${pos}`, { method: isMarked ? 'PUT' : 'DELETE' })),
    lines: async (id: RunId, from: number, limit: number): Promise<LinesPage> =>
      asLinesPage(await json(`${runPath(id)}/lines?from=${from}&limit=${limit}`)),
    matching: async (id: RunId, ask: MatchingRequest): Promise<LinesPage> =>
      asLinesPage(await json(`${runPath(id)}/lines${queryText({ ...ask })}`)),
    search: async function* (id: RunId, ask: SearchRequest, signal: AbortSignal) {
      const { readRecords } = await searchRecords()
      yield* readRecords(await request(`${runPath(id)}/search${queryText({ ...ask })}`, { signal }))
    },
    groups: async (id: RunId, masks: readonly MaskName[] = []): Promise<GroupedRun> => {
      const query = masks.length === 0 ? '' : queryText({ mask: masks.join(',') })
      const { asGroupedRun } = await import('./grouped-run.ts')
      return asGroupedRun(await json(`${runPath(id)}/groups${query}`))
    },
    ...lazyHostCalls(request),
    histogram: async (id: RunId, ask: HistogramRequest, signal: AbortSignal) => {
      const answer = await json(`${runPath(id)}/histogram${queryText({ ...ask })}`, { signal })
      return (await searchRecords()).asHistogram(answer)
    },
    follow: (id: RunId, from: FollowFrom, signal: AbortSignal): AsyncIterable<FollowEvent> => {
      const open = (cursor: number, inner: AbortSignal) =>
        request(`${runPath(id)}/stream?from=${cursor}`, {
          headers: { accept: 'text/event-stream' },
          signal: inner,
        })
      const { silenceMs, noticesHeld = false } = options
      const limits = silenceMs === undefined ? {} : { silenceMs }
      const answers = async (inner: AbortSignal) =>
        (await request(sessionPath, { signal: inner })).ok
      const held = noticesHeld ? { answers } : {}
      return followStream({ open, getRun: () => getRun(id), from, signal, ...limits, ...held })
    },
  }
}

/** The page loads them with the first of these calls. */
function lazyHostCalls(request: HttpApi['request']): HostCalls {
  const calls = async () => (await import('./host-calls.ts')).createHostCalls(request)
  return {
    hosts: async () => (await calls()).hosts(),
    host: async (name) => (await calls()).host(name),
    checkHost: async (name, signal) => (await calls()).checkHost(name, signal),
    complete: async (name, ask, signal) => (await calls()).complete(name, ask, signal),
    checkHosts: async function* (target, signal) {
      yield* (await calls()).checkHosts(target, signal)
    },
    putHost: async (name, host) => (await calls()).putHost(name, host),
    removeHost: async (name) => (await calls()).removeHost(name),
    hostGroups: async () => (await calls()).hostGroups(),
    target: async (expression) => (await calls()).target(expression),
  }
}

/** The page loads this with its first search, not before its first line. */
const searchRecords = () => import('./search-records.ts')

/** Answered to anybody, and shortly. */
const sessionPath = '/api/v1/session'

function runPath(id: RunId): string {
  return `/api/v1/runs/${encodeURIComponent(id)}`
}

function queryText(query: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(query).filter(([, value]) => value !== undefined)
  if (fields.length === 0) return ''
  return `?${new URLSearchParams(fields.map(([name, value]) => [name, String(value)])).toString()}`
}

function keyHeader(key: string | undefined): HeaderFields {
  return key === undefined ? {} : { 'idempotency-key': key }
}

function post(body: unknown, headers: HeaderFields = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
}

/** Sends a request; rejects with an AppError for whatever is not a success. */
async function send(options: HttpApiOptions, path: string, init: RequestInit = {}) {
  const extra = typeof options.headers === 'function' ? options.headers() : options.headers
  const headers = new Headers(extra)
  if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`)
  new Headers(init.headers).forEach((value, name) => {
    headers.set(name, value)
  })
  const doFetch = options.fetch ?? fetch
  let response: Response
  try {
    response = await doFetch(`${options.baseUrl}${path}`, { cache: 'no-store', ...init, headers })
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause
    const server = options.baseUrl === '' ? 'the server' : options.baseUrl
    throw new AppError('server-unreachable', `Farglass cannot reach ${server}.`, { cause })
  }
  // Who has named what it has is told that it has not changed.
  if (response.ok || response.status === 304) return response
  throw await refusal(response)
}

/** The refusal as the server worded it, or a sentence about an answer that is not Farglass's. */
async function refusal(response: Response): Promise<AppError> {
  const status = response.status
  try {
    const error = asFields(asFields(await response.json())['error'])
    const { code, message, hint } = error
    if (typeof code === 'string' && typeof message === 'string' && typeof hint === 'string') {
      return new AppError(isErrorCode(code) ? code : codeOfStatus(status), message, { hint })
    }
  } catch {
    // Not our wire form: a proxy's page, or nothing.
  }
  return new AppError(codeOfStatus(status), `The server answered with HTTP status ${status}.`)
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    throw new AppError('bad-response', 'The server answered with what is not JSON.', { cause })
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code)
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 404) return 'not-found'
  return 'bad-response'
}
