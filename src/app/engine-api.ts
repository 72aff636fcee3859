/** The Farglass API over an engine in the same process: no HTTP, and the bytes as they came. */
import type { ZodType } from 'zod'
import { systemClock } from '../adapters/system/clock.ts'
import type {
  BytesPart,
  FarglassApi,
  FollowEvent,
  ListQuery,
  MatchingRequest,
  SearchRequest,
} from '../client/api.ts'
import type { HostBook } from '../core/hosts/host-book.ts'
import type { FeedItem, RunService } from '../core/runs/run-service.ts'
import { checkConfirmed } from '../core/saved-commands/check-confirmed.ts'
import type { SavedCommands } from '../core/saved-commands/saved-commands.ts'
import { startOf } from '../core/saved-commands/start-of.ts'
import type { Search } from '../core/search/search.ts'
import { AppError } from '../shared/errors.ts'
import { limits } from '../shared/limits.ts'
import { type PlacedGroup, splitGroup, textsOf } from '../shared/line-group.ts'
import type { MaskName } from '../shared/line-mask.ts'
import type { LinesPage, WireGroup, WireLine } from '../shared/protocol/events.ts'
import type { GroupedRun } from '../shared/protocol/groups.ts'
import type { HostRequest } from '../shared/protocol/host-requests.ts'
import type { HostDetails } from '../shared/protocol/hosts.ts'
import type { SearchRecord } from '../shared/protocol/search.ts'
import type { RunId } from '../shared/run.ts'
import type { SearchFields, SearchQuery } from '../shared/search-query.ts'
import { isoTime } from '../shared/time.ts'

/** A group whose bytes are at hand, as every one of an engine in this process. */
export interface ExactGroup extends WireGroup {
  readonly bytes: Uint8Array
}

/** Whether the group comes from an engine in this process. */
export function hasBytes(group: WireGroup): group is ExactGroup {
  return 'bytes' in group
}

export interface EngineParts {
  readonly service: RunService
  readonly search: Search
  readonly hosts: HostBook
  readonly commands: SavedCommands
}

/** What `createHttpApi` is for a server, for an engine in this process. */
export function createEngineApi(parts: EngineParts): FarglassApi {
  const { service, search, hosts, commands } = parts
  return {
    start: async (request, key) => {
      const { start, asked } = await startOf(request, commands)
      await checkConfirmed(start, parts)
      const stands = key === undefined ? {} : { key: { key, digest: JSON.stringify(asked) } }
      return service.start({ ...start, ...stands })
    },
    rerun: async (id, request, key) => {
      const { rerunStart } = await import('../core/runs/rerun.ts')
      const start = await rerunStart(await service.get(id), request, commands)
      await checkConfirmed(start, parts)
      const { parameters: _, secrets: __, confirm: ___, ...asked } = request
      const digest = JSON.stringify(['rerun', id, asked])
      return service.start({ ...start, ...(key === undefined ? {} : { key: { key, digest } }) })
    },
    get: (id) => service.get(id),
    list: async (query = {}) => service.listed(await runQueryOf(query)),
    listWhole: async (query = {}) => service.list(await runQueryOf(query)),
    stop: (id) => service.stop(id),
    remove: (id) => service.remove(id),
    pin: (id, isPinned) => service.pin(id, isPinned),
    answer: (id, task, answer) => service.answer(id, task, answer),
    marks: (id) => service.marks(id),
    mark: (id, pos, isMarked) => service.mark(id, { pos, isMarked, by: null }),
    lines: (id, from, limit) => readPage(service, { id, from, limit }),
    matching: (id, ask) => matchingPage(search, id, ask),
    search: (id, ask, signal) => searchEngine(search, { id, ...ask }, signal),
    hosts: () => hosts.list(),
    host: (name) => hosts.get(name),
    checkHost: (name, signal) => hosts.check(name, signal),
    complete: (name, request, signal) => hosts.complete(name, request, signal),
    checkHosts: (target, signal) => hosts.checkAll(target, signal),
    putHost: (name, host) => putHost(hosts, name, host),
    removeHost: (name) => hosts.remove(name),
    hostGroups: () => hosts.groups(),
    target: (expression) => hosts.preview(expression),
    groups: (id, masks) => readGroups(service, id, masks),
    bytes: (id, part) => readBytes(service, id, part),
    // Nothing is lost while this process lives, so the epoch of what the reader has does not matter.
    follow: (id, from, signal) =>
      followEngine(service.follow(id, typeof from === 'number' ? from : from.cursor, signal)),
  }
}

async function runQueryOf({ limit = limits.runsPageMax, before, ...fields }: ListQuery) {
  const page = { limit, ...(before !== undefined && { before }) }
  if (Object.keys(fields).length === 0) return page
  const { runFilterSchema, toRunFilter } = await import('../shared/protocol/run-list.ts')
  return { ...page, ...toRunFilter(checked(runFilterSchema, fields)) }
}

async function* followEngine(items: AsyncIterable<FeedItem>): AsyncGenerator<FollowEvent> {
  for await (const item of items) {
    if (item.kind !== 'frame') yield item
    else {
      const groups = item.groups.map((group) => new LazyGroup(group))
      yield { kind: 'lines', pos: item.pos, next: item.next, groups }
    }
  }
}

interface PageQuery {
  readonly id: RunId
  readonly from: number
  readonly limit: number
}

async function readPage(service: RunService, query: PageQuery): Promise<LinesPage> {
  const lines: WireLine[] = []
  let next = query.from
  for (const group of await service.read(query.id, query.from, limits.pageBytesMax)) {
    const wanted = query.limit - lines.length
    if (wanted <= 0) break
    const kept = wanted < group.count ? splitGroup(group, wanted)[0] : group
    lines.push(...linesOf(kept))
    next = kept.pos + kept.count
  }
  return { run: query.id, from: query.from, next, lines }
}

async function matchingPage(
  search: Search,
  id: RunId,
  { from, limit, skip = 0, ...filter }: MatchingRequest,
): Promise<LinesPage> {
  const query = { ...(await queryOf(filter)), from }
  const { signal } = new AbortController()
  const { groups, next, stopped } = await search.page({ run: id, query, skip, limit }, signal)
  const lines = groups.flatMap(linesOf)
  return { run: id, from, next, lines, ...(stopped === null ? {} : { stopped }) }
}

async function* searchEngine(
  search: Search,
  { id, order = 'forward', limit = limits.pageLinesMax, ...fields }: SearchRequest & { id: RunId },
  signal: AbortSignal,
): AsyncGenerator<SearchRecord> {
  const ask = { run: id, query: await queryOf(fields), order, limit }
  for await (const report of search.search(ask, signal)) {
    if (report.kind === 'end') yield report
    else {
      const { groups, time, ...span } = report
      yield { ...span, time: isoTime(time), lines: groups.flatMap(linesOf) }
    }
  }
}

async function putHost(hosts: HostBook, name: string, host: HostRequest): Promise<HostDetails> {
  const { hostRequestSchema } = await import('../shared/protocol/host-requests.ts')
  return hosts.put(name, checked(hostRequestSchema, host))
}

async function readGroups(
  service: RunService,
  id: RunId,
  masks?: readonly MaskName[],
): Promise<GroupedRun> {
  const { createRunGroups } = await import('../core/groups/run-groups.ts')
  const groups = createRunGroups({ service, clock: systemClock })
  const { signal } = new AbortController()
  const found = await groups.read(id, signal, masks)
  if (found === undefined) throw new RangeError('a signal that nobody has aborts nothing')
  return found
}

/** As a server would read the same fields. A command that searches nothing does not load the schemas. */
async function queryOf(fields: SearchFields): Promise<SearchQuery> {
  const { searchFieldsSchema, toSearchQuery } = await import('../shared/search-query.ts')
  return toSearchQuery(checked(searchFieldsSchema, fields))
}

/** Throws `bad-request` with the name of the first field that is wrong. */
function checked<T>(schema: ZodType<T>, fields: object): T {
  const found = schema.safeParse(fields)
  if (found.success) return found.data
  const [issue] = found.error.issues
  const name = issue?.path.map(String).join('.') ?? ''
  throw new AppError('bad-request', `The parameter "${name}" ${issue?.message ?? 'is wrong'}.`)
}

function isWanted(
  group: PlacedGroup,
  { task, channel }: Pick<BytesPart, 'task' | 'channel'>,
): boolean {
  if (task !== undefined && group.task !== task) return false
  return channel === undefined ? group.channel !== 'note' : group.channel === channel
}

/** What stops short is seen to be broken; what leaves bytes out is not. */
function damaged({ pos, count }: PlacedGroup): AppError {
  const what = `The stored lines ${pos} to ${pos + count - 1} are damaged on the disk of Farglass.`
  return new AppError('store-failed', what)
}

async function readBytes(service: RunService, id: RunId, part: BytesPart): Promise<Uint8Array> {
  const { from, to } = part
  const parts: Uint8Array[] = []
  let next = from
  while (next < to) {
    const groups = await service.read(id, next, limits.pageBytesMax)
    if (groups.length === 0) break
    for (const group of groups) {
      next = group.pos + group.count
      if (group.pos >= to || !isWanted(group, part)) continue
      if (group.damaged === true) throw damaged(group)
      parts.push((next > to ? splitGroup(group, to - group.pos)[0] : group).bytes)
    }
  }
  return Buffer.concat(parts)
}

function linesOf(group: PlacedGroup): WireLine[] {
  const { task, channel, end, file } = group
  const time = isoTime(group.time)
  return textsOf(group).map((text, index) => ({
    pos: group.pos + index,
    task,
    channel,
    time,
    ...(file === undefined ? {} : { file }),
    text,
    ...(end !== 'newline' && index === group.count - 1 ? { end } : {}),
  }))
}

/** Its texts are made when somebody asks for them: into a pipe go the bytes. */
class LazyGroup implements ExactGroup {
  readonly #group: PlacedGroup
  readonly end?: 'continued' | 'unterminated'
  readonly file?: string
  #lines: readonly string[] | undefined

  constructor(group: PlacedGroup) {
    this.#group = group
    if (group.end !== 'newline') this.end = group.end
    if (group.file !== undefined) this.file = group.file
  }

  get task(): number {
    return this.#group.task
  }

  get channel(): PlacedGroup['channel'] {
    return this.#group.channel
  }

  get time(): string {
    return isoTime(this.#group.time)
  }

  get bytes(): Uint8Array {
    return this.#group.bytes
  }

  get lines(): readonly string[] {
    this.#lines ??= textsOf(this.#group)
    return this.#lines
  }
}
