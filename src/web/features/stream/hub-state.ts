/**
 * What the one stream of a browser carries for its tabs, as an immutable state machine: which runs
 * and from where, what each tab is sent, when to ask the server again. Each tab checks what it gets
 * by its own state machine (`client/follow-state.ts`); so this one may send a line twice, never none.
 */
import {
  afterBreak,
  type FollowState,
  follow,
  isCurable,
  type Patience,
  startFollowing,
} from '../../../client/follow-state.ts'
import type { ReadPlace } from '../../../shared/epochs.ts'
import { AppError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'
import type { StreamEvent } from '../../../shared/protocol/events.ts'
import type { Run, RunId } from '../../../shared/run.ts'
import type { HubMessage } from './hub-messages.ts'

export type TabId = number

export interface HubState extends Patience {
  readonly tabs: ReadonlyMap<TabId, TabPlace>
  /** Where the stream stands in each run that a tab reads. */
  readonly lanes: ReadonlyMap<RunId, FollowState>
}

interface TabPlace {
  readonly run: RunId
  /** The next line that it was not sent. */
  readonly cursor: number
  /** Characters of events that it has not taken yet. */
  readonly waiting: number
  readonly isLive: boolean
}

export type HubInput =
  | (ReadPlace & { readonly kind: 'join'; readonly tab: TabId; readonly run: RunId })
  | { readonly kind: 'leave'; readonly tab: TabId }
  | { readonly kind: 'taken'; readonly tab: TabId; readonly chars: number }
  | { readonly kind: 'opened' }
  | HubEvent
  | { readonly kind: 'retry'; readonly ms: number }
  | { readonly kind: 'broken'; readonly livedMs: number; readonly random: number }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly error: AppError
      readonly random: number
    }
  /** 204, or 404: of each run what a short request said of it; null is gone. */
  | { readonly kind: 'looked'; readonly runs: ReadonlyMap<RunId, Run | null> }

interface HubEvent {
  readonly kind: 'event'
  /** Null when it is of all runs. */
  readonly run: RunId | null
  readonly event: StreamEvent
  readonly chars: number
}

export interface HubStep {
  readonly state: HubState
  readonly send: readonly { readonly tab: TabId; readonly message: HubMessage }[]
  readonly next: HubAction
}

export type HubAction =
  | { readonly kind: 'keep' }
  /** Drop the connection, if there is one, and ask after `ms` for all lanes. */
  | { readonly kind: 'open'; readonly ms: number }
  | { readonly kind: 'close' }
  /** Ask for each run of the lanes, and say `looked`. */
  | { readonly kind: 'look' }

/** Tabs that come and go together cost one request. */
const gatherMs = 20

export const emptyHub: HubState = { tabs: new Map(), lanes: new Map(), failures: 0, retryMs: 0 }

/** The state after the input, what the tabs are sent, and what becomes of the connection. */
export function hub(state: HubState, input: HubInput): HubStep {
  switch (input.kind) {
    case 'join':
      return takeJoin(state, input)
    case 'leave':
      return takeLeave(state, [input.tab])
    case 'taken':
      return takeTaken(state, input.tab, input.chars)
    case 'opened':
      return takeOpened(state)
    case 'event':
      return input.run === null
        ? takeEventOfAll(state, input.event)
        : takeEvent(state, { ...input, run: input.run })
    case 'retry':
      return keep({ ...state, retryMs: Math.min(input.ms, limits.reconnectMsMax) })
    case 'broken':
      return takeBreak(state, input)
    case 'refused':
      return takeRefusal(state, input)
    case 'looked':
      return takeLooked(state, input.runs)
  }
}

/** Address of the stream of all lanes. */
export function hubAddress({ lanes }: HubState): string {
  const runs = [...lanes].map(([id, { cursor }]) => `${encodeURIComponent(id)}:${cursor}`)
  return `/api/v1/stream?runs=${runs.join(',')}`
}

function takeJoin(state: HubState, join: Extract<HubInput, { kind: 'join' }>): HubStep {
  const { tab, run, cursor } = join
  const lane = state.lanes.get(run)
  if (lane === undefined && state.lanes.size >= limits.runsPerStreamMax) {
    const message = `This browser reads ${state.lanes.size} runs already.`
    return { state, send: [failed(tab, new AppError('too-many-viewers', message))], next: kept }
  }
  if (lane !== undefined && cursor < lane.cursor - limits.tabLinesBehindMax) {
    return { state, send: [{ tab, message: { kind: 'behind', next: lane.cursor } }], next: kept }
  }
  const place: TabPlace = { run, cursor, waiting: 0, isLive: false }
  const from = lane === undefined ? startFollowing(cursor, join.epochs) : reaching(lane, cursor)
  return {
    state: {
      ...state,
      tabs: new Map(state.tabs).set(tab, place),
      lanes: new Map(state.lanes).set(run, from),
    },
    send: [],
    // Also of a run that is carried already: only a new request tells its state and unfinished lines.
    next: { kind: 'open', ms: gatherMs },
  }
}

/** A tab may be behind the stream: then the lines between are asked for once more. */
function reaching(lane: FollowState, cursor: number): FollowState {
  return { ...lane, cursor: Math.min(lane.cursor, cursor) }
}

function takeLeave(state: HubState, gone: readonly TabId[]): HubStep {
  const tabs = new Map(state.tabs)
  for (const tab of gone) tabs.delete(tab)
  if (tabs.size === state.tabs.size) return keep(state)
  const read = new Set([...tabs.values()].map(({ run }) => run))
  const lanes = new Map([...state.lanes].filter(([run]) => read.has(run)))
  const after = { ...state, tabs, lanes }
  if (lanes.size === state.lanes.size) return keep(after)
  const next = lanes.size === 0 ? closed : ({ kind: 'open', ms: gatherMs } as const)
  return { state: after, send: [], next }
}

function takeTaken(state: HubState, tab: TabId, chars: number): HubStep {
  const place = state.tabs.get(tab)
  if (place === undefined) return keep(state)
  const waiting = Math.max(0, place.waiting - chars)
  return keep({ ...state, tabs: new Map(state.tabs).set(tab, { ...place, waiting }) })
}

function takeOpened(state: HubState): HubStep {
  const send = [...state.tabs]
    .filter(([, { isLive }]) => !isLive)
    .map(([tab]) => ({ tab, message: { kind: 'live' } as const }))
  const tabs = new Map([...state.tabs].map(([tab, place]) => [tab, { ...place, isLive: true }]))
  return { state: { ...state, tabs }, send, next: kept }
}

function takeEvent(state: HubState, input: HubEvent & { readonly run: RunId }): HubStep {
  const lane = state.lanes.get(input.run)
  if (lane === undefined) return keep(state)
  const { state: moved, next } = follow(lane, { kind: 'event', event: input.event })
  const isEnd = next.kind === 'done'
  const lanes = new Map(state.lanes)
  if (isEnd) lanes.delete(input.run)
  else lanes.set(input.run, moved)
  const isNews = moved.cursor > lane.cursor
  const sent = sendEvent({ ...state, lanes, failures: isNews ? 0 : state.failures }, input)
  // A line is missing, or the run was given anew: what follows on this connection is of no use.
  if (next.kind === 'wait') return { ...sent, next: { kind: 'open', ms: next.ms } }
  return isEnd && lanes.size === 0 ? { ...sent, next: closed } : sent
}

/** Sends an event to the tabs of its run, but for what they have; one that takes nothing is let go. */
function sendEvent(state: HubState, input: HubEvent): HubStep {
  const { run, event, chars } = input
  const tabs = new Map(state.tabs)
  const send: { tab: TabId; message: HubMessage }[] = []
  const behind: TabId[] = []
  for (const [tab, place] of state.tabs) {
    if (place.run !== run) continue
    if (event.kind === 'lines' && event.next <= place.cursor) continue
    const waiting = place.waiting + chars
    if (place.waiting > 0 && waiting > limits.tabCharsMax) {
      behind.push(tab)
      send.push({ tab, message: { kind: 'behind', next: place.cursor } })
      continue
    }
    send.push({ tab, message: { kind: 'event', event, chars } })
    tabs.set(tab, { ...place, waiting, cursor: cursorAfter(event, place.cursor) })
  }
  const left = takeLeave({ ...state, tabs }, behind)
  return { ...left, send }
}

function cursorAfter(event: StreamEvent, cursor: number): number {
  if (event.kind === 'lines') return Math.max(cursor, event.next)
  return event.kind === 'reset' ? Math.min(cursor, event.from) : cursor
}

function takeEventOfAll(state: HubState, event: StreamEvent): HubStep {
  if (event.kind !== 'bye') return keep(state)
  return lost(state, Math.min(event.retryMs, limits.reconnectMsMax))
}

function takeBreak(
  state: HubState,
  broken: { readonly livedMs: number; readonly random: number },
): HubStep {
  if (state.lanes.size === 0) return { state, send: [], next: closed }
  const { ms, failures } = afterBreak(state, broken)
  return lost({ ...state, failures }, ms)
}

function lost(state: HubState, retryMs: number): HubStep {
  const tabs = new Map([...state.tabs].map(([tab, place]) => [tab, { ...place, isLive: false }]))
  const send = [...tabs.keys()].map((tab) => ({ tab, message: { kind: 'lost', retryMs } as const }))
  return { state: { ...state, tabs }, send, next: { kind: 'open', ms: retryMs } }
}

function takeRefusal(state: HubState, refusal: Extract<HubInput, { kind: 'refused' }>): HubStep {
  const { error, status, random } = refusal
  if (isCurable(error, status)) return takeBreak(state, { livedMs: 0, random })
  // One unknown run refuses all of them.
  if (error.code === 'not-found') return { state, send: [], next: { kind: 'look' } }
  const send = [...state.tabs.keys()].map((tab) => failed(tab, error))
  return { state: emptyHub, send, next: closed }
}

function takeLooked(state: HubState, runs: ReadonlyMap<RunId, Run | null>): HubStep {
  const send: HubStep['send'][number][] = []
  const lanes = new Map(state.lanes)
  for (const [id, run] of runs) {
    const lane = lanes.get(id)
    if (lane === undefined) continue
    const tabs = [...state.tabs].filter(([, place]) => place.run === id).map(([tab]) => tab)
    if (run === null) {
      lanes.delete(id)
      const error = new AppError('not-found', 'There is no run with this id.')
      send.push(...tabs.map((tab) => failed(tab, error)))
      continue
    }
    const step = follow(lane, { kind: 'nothing-more', run })
    // It may have been given anew, or go on: then it is asked for again from where it stands.
    if (run.state !== 'ended' || step.next.kind !== 'done') lanes.set(id, step.state)
    else if (run.next <= lane.cursor) {
      lanes.delete(id)
      const event = { kind: 'end', next: lane.cursor, run } as const
      send.push(
        ...tabs.map((tab) => ({ tab, message: { kind: 'event', event, chars: 0 } as const })),
      )
    }
  }
  const next = lanes.size === 0 ? closed : ({ kind: 'open', ms: limits.reconnectMsMin } as const)
  return { state: { ...state, lanes }, send, next }
}

function failed(tab: TabId, { code, message, hint }: AppError): HubStep['send'][number] {
  return { tab, message: { kind: 'failed', code, message, hint } }
}

const kept: HubAction = { kind: 'keep' }
const closed: HubAction = { kind: 'close' }

function keep(state: HubState): HubStep {
  return { state, send: [], next: kept }
}
