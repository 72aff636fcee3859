/** What a program can ask of Farglass: over HTTP (page, CLI) or of an engine in the same process (CLI). */
import type { Channel } from '../shared/channel.ts'
import type { ReadPlace } from '../shared/epochs.ts'
import type { MaskName } from '../shared/line-mask.ts'
import type { ListedRun } from '../shared/listed-run.ts'
import type { Mark } from '../shared/mark.ts'
import type { CompletionRequest, Completions } from '../shared/protocol/completion.ts'
import type { LinesPage, StreamEvent } from '../shared/protocol/events.ts'
import type { GroupedRun } from '../shared/protocol/groups.ts'
import type { HostRequest } from '../shared/protocol/host-requests.ts'
import type {
  HostCheck,
  HostDetails,
  HostGroups,
  HostList,
  TargetPreview,
} from '../shared/protocol/hosts.ts'
import type { RerunRequest } from '../shared/protocol/rerun.ts'
import type { RunFilterFields } from '../shared/protocol/run-list.ts'
import type { SearchRecord } from '../shared/protocol/search.ts'
import type { StartRequest } from '../shared/protocol/start-run.ts'
import type { Answer } from '../shared/question.ts'
import type { Run, RunId } from '../shared/run.ts'
import type { SearchFields } from '../shared/search-query.ts'

/** Every call rejects with an AppError that carries the server's code, message and hint. */
export interface FarglassApi {
  /** Starts a run. With a key, a repeated call gives the run of the first one. */
  start(request: StartRequest, idempotencyKey?: string): Promise<Run>
  /** Runs it again, but for what is to be different; keys as of `start`. */
  rerun(id: RunId, request: RerunRequest, idempotencyKey?: string): Promise<Run>
  get(id: RunId): Promise<Run>
  /** Newest first, without their tasks. */
  list(query?: ListQuery): Promise<readonly ListedRun[]>
  /** The same with all tasks of each. */
  listWhole(query?: ListQuery): Promise<readonly Run[]>
  stop(id: RunId): Promise<Run>
  /** Removes a run that has ended, with its lines, for good. */
  remove(id: RunId): Promise<void>
  /** Pins a run, so that retention leaves it, or lets go of it. */
  pin(id: RunId, isPinned: boolean): Promise<Run>
  answer(id: RunId, task: number, answer: Answer): Promise<void>
  /** Lines that somebody has marked, by position. */
  marks(id: RunId): Promise<readonly Mark[]>
  /** Marks a line for everybody, or takes its mark back; gives all marks. */
  mark(id: RunId, pos: number, isMarked: boolean): Promise<readonly Mark[]>
  /** Up to `limit` lines from `from` on. */
  lines(id: RunId, from: number, limit: number): Promise<LinesPage>
  /** The same of the lines that match. */
  matching(id: RunId, ask: MatchingRequest): Promise<LinesPage>
  /** Hosts of the inventory and of the newest runs. */
  hosts(): Promise<HostList>
  /** What ssh will use for a host, named anywhere or not. */
  host(name: string): Promise<HostDetails>
  /** Goes the way to it, step by step; what goes wrong there is told, not thrown. */
  checkHost(name: string, signal: AbortSignal): Promise<HostCheck>
  /** Paths, units or containers of a host that go on with what was typed. */
  complete(name: string, request: CompletionRequest, signal: AbortSignal): Promise<Completions>
  /** The same of all hosts of a target, each given when it is done. */
  checkHosts(target: string, signal: AbortSignal): AsyncIterable<HostCheck>
  /** Adds a host, or changes what was said of it here. */
  putHost(name: string, host: HostRequest): Promise<HostDetails>
  /** Takes an added host back. */
  removeHost(name: string): Promise<void>
  /** Groups of the inventory with their hosts. */
  hostGroups(): Promise<HostGroups>
  /** What a target names; what is wrong with it is told in the answer. */
  target(expression: string): Promise<TargetPreview>
  /** What matches in the whole history, told while it is looked for; ends with `end`, or rejects. */
  search(id: RunId, ask: SearchRequest, signal: AbortSignal): AsyncIterable<SearchRecord>
  /** Its tasks grouped by their output, as of all lines that are stored when this is asked. */
  groups(id: RunId, masks?: readonly MaskName[]): Promise<GroupedRun>
  /** The exact bytes of a task and channel, of the lines from one position to before another. */
  bytes(id: RunId, part: BytesPart): Promise<Uint8Array>
  /**
   * Every line from `from` on, once and in order, over any number of reconnects, until `end`.
   * Returns after `end` or when the signal aborts; throws only for what a retry cannot cure
   * (`not-found`, `unauthorized`).
   */
  follow(id: RunId, from: FollowFrom, signal: AbortSignal): AsyncIterable<FollowEvent>
}

/** Fields as in the address of the route (docs/protocol.md), where the page has its cursor. */
export type LineFilter = Omit<SearchFields, 'from'>

export interface MatchingRequest extends LineFilter {
  readonly from: number
  readonly limit: number
  /** So many matching lines are passed over. */
  readonly skip?: number
}

export interface SearchRequest extends SearchFields {
  readonly order?: 'forward' | 'backward'
  /** Matching lines that are given; all are counted. */
  readonly limit?: number
}

export interface BytesPart {
  /** Without it of all. */
  readonly task?: number
  /** Without it stdout and stderr, as they came. */
  readonly channel?: Channel
  readonly from: number
  readonly to: number
}

/** A cursor; of a reader that has lines already, with the ownerships that it knew when it got them. */
export type FollowFrom = number | ReadPlace

export interface ListQuery extends RunFilterFields {
  readonly limit?: number
  readonly before?: RunId
}

/** Stream events as the server sends them, and what the reader knows of its own connection. */
export type FollowEvent =
  | StreamEvent
  | { readonly kind: 'connection'; readonly state: 'live' }
  /** The next try comes after `retryMs`; nothing is lost, the cursor is kept. */
  | { readonly kind: 'connection'; readonly state: 'lost'; readonly retryMs: number }
