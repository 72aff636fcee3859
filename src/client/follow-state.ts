/**
 * What a reader of a run's stream knows and does next, as an immutable state machine: which lines
 * are new, when one is missing, how long to wait, when it is over. docs/protocol.md is its model.
 */
import { type EpochStart, givenAnewFrom } from '../shared/epochs.ts'
import type { AppError } from '../shared/errors.ts'
import { limits } from '../shared/limits.ts'
import type { LinesEvent, RunEvent, StreamEvent, WireGroup } from '../shared/protocol/events.ts'
import type { Run } from '../shared/run.ts'
import type { FollowEvent } from './api.ts'

export interface FollowState extends Patience {
  /** Position of the next line that the reader wants. */
  readonly cursor: number
  /** Of the run when the reader got what it has; null before its first answer. */
  readonly epochs: readonly EpochStart[] | null
}

/** What decides how long a reader waits before it asks again. */
export interface Patience {
  /** Connections in a row that brought nothing new. */
  readonly failures: number
  /** The server's own wish (`retry:`), the least wait from then on. */
  readonly retryMs: number
}

/** What happened to the reader. `random` is from 0 to 1 and spreads readers that lost one server. */
export type FollowInput =
  | { readonly kind: 'opened' }
  | { readonly kind: 'event'; readonly event: StreamEvent }
  | { readonly kind: 'retry'; readonly ms: number }
  /** The connection failed, ended early or was silent for too long. */
  | { readonly kind: 'broken'; readonly livedMs: number; readonly random: number }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly error: AppError
      readonly random: number
    }
  /** 204: the run has ended and everything was sent before, the `end` perhaps not. */
  | { readonly kind: 'nothing-more'; readonly run: Run }

export interface FollowStep {
  readonly state: FollowState
  /** For the consumer, in order. */
  readonly deliver: readonly FollowEvent[]
  readonly next: FollowAction
}

export type FollowAction =
  /** Go on with this connection. */
  | { readonly kind: 'read' }
  /** Drop this connection and ask again from the cursor, after `ms`. */
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'fail'; readonly error: AppError }

/** A connection that held for this long was a good one, even when the run was silent. */
const goodLifeMs = 10_000

/** The state of a reader that wants the lines from `cursor` on. */
export function startFollowing(
  cursor: number,
  epochs: readonly EpochStart[] | null = null,
): FollowState {
  return { cursor, epochs, failures: 0, retryMs: 0 }
}

/** The state after the input, and what the shell has to do now. */
export function follow(state: FollowState, input: FollowInput): FollowStep {
  switch (input.kind) {
    case 'opened':
      return step(state, [{ kind: 'connection', state: 'live' }])
    case 'event':
      return takeEvent(state, input.event)
    case 'retry':
      return step({ ...state, retryMs: Math.min(input.ms, limits.reconnectMsMax) }, [])
    case 'broken':
      return waitAfter(state, input.livedMs, input.random)
    case 'refused':
      return isCurable(input.error, input.status)
        ? waitAfter(state, 0, input.random)
        : { state, deliver: [], next: { kind: 'fail', error: input.error } }
    case 'nothing-more':
      return takeNothingMore(state, input.run)
  }
}

function takeEvent(state: FollowState, event: StreamEvent): FollowStep {
  switch (event.kind) {
    case 'lines':
      return takeLines(state, event)
    case 'run':
      return takeRun(state, event)
    case 'reset':
      return step({ ...state, epochs: event.epochs, cursor: Math.min(state.cursor, event.from) }, [
        event,
      ])
    case 'end':
      if (event.next > state.cursor) return reopen(state)
      return { state, deliver: [event], next: { kind: 'done' } }
    case 'bye': {
      const ms = Math.min(event.retryMs, limits.reconnectMsMax)
      const lost = { kind: 'connection', state: 'lost', retryMs: ms } as const
      return { state, deliver: [event, lost], next: { kind: 'wait', ms } }
    }
    case 'task':
    case 'partial':
    case 'viewers':
    case 'marks':
      return step(state, [event])
  }
}

function takeNothingMore(state: FollowState, run: Run): FollowStep {
  // Where the reader stands, other lines may have been before.
  if (givenAnewFrom(run, state) !== null) return takeRun(state, { kind: 'run', run })
  return {
    state,
    deliver: [{ kind: 'end', next: state.cursor, run }],
    next: { kind: 'done' },
  }
}

function takeRun(state: FollowState, event: RunEvent): FollowStep {
  const { epoch, epochs, first } = event.run
  const from = givenAnewFrom(event.run, state)
  if (from === null) {
    // What the store no longer keeps cannot come: the first kept line is the next one.
    return step({ ...state, epochs, cursor: Math.max(state.cursor, first) }, [event])
  }
  return {
    state: { ...state, epochs, cursor: from },
    deliver: [event, { kind: 'reset', epoch, from, epochs }],
    next: { kind: 'wait', ms: 0 },
  }
}

function takeLines(state: FollowState, event: LinesEvent): FollowStep {
  if (event.pos > state.cursor) return reopen(state)
  if (event.next <= state.cursor) return step(state, [])
  const fresh = event.pos === state.cursor ? event : dropKnown(event, state.cursor)
  return step({ ...state, cursor: event.next, failures: 0 }, [fresh])
}

/** The event without the lines before `cursor`. */
function dropKnown(event: LinesEvent, cursor: number): LinesEvent {
  let known = cursor - event.pos
  const groups: WireGroup[] = []
  for (const group of event.groups) {
    if (known < group.lines.length) groups.push(known > 0 ? withoutHead(group, known) : group)
    known = Math.max(0, known - group.lines.length)
  }
  return { ...event, pos: cursor, groups }
}

function withoutHead(group: WireGroup, count: number): WireGroup {
  const cut = group.cut
    ?.filter((line) => line.index >= count)
    .map((line) => ({ ...line, index: line.index - count }))
  return {
    ...group,
    lines: group.lines.slice(count),
    ...(cut === undefined ? {} : { cut }),
  }
}

function waitAfter(state: FollowState, livedMs: number, random: number): FollowStep {
  const { ms, failures } = afterBreak(state, { livedMs, random })
  return {
    state: { ...state, failures },
    deliver: [{ kind: 'connection', state: 'lost', retryMs: ms }],
    next: { kind: 'wait', ms },
  }
}

/** The wait after a connection that broke, and how many in a row have failed by then. */
export function afterBreak(
  patience: Patience,
  { livedMs, random }: { readonly livedMs: number; readonly random: number },
): { readonly ms: number; readonly failures: number } {
  const failures = livedMs >= goodLifeMs ? 0 : patience.failures
  const least = Math.max(limits.reconnectMsMin, patience.retryMs)
  const wait = Math.max(least, backOffMs(failures)) * (1 + random)
  return { ms: Math.round(Math.min(limits.reconnectMsMax, wait)), failures: failures + 1 }
}

/** Too early, too many, too slow, or the server's own trouble: the same request may work later. */
export function isCurable({ code }: AppError, status: number): boolean {
  // Whoever holds the stream back does it the next time too.
  if (code === 'stream-held') return false
  return status >= 500 || status === 408 || status === 425 || status === 429
}

function step(state: FollowState, deliver: readonly FollowEvent[]): FollowStep {
  return { state, deliver, next: { kind: 'read' } }
}

/** A line is missing in what came: it is in the store, so ask again, at once but not in a hot loop. */
function reopen(state: FollowState): FollowStep {
  const ms = state.failures === 0 ? 0 : backOffMs(state.failures)
  return {
    state: { ...state, failures: state.failures + 1 },
    deliver: [],
    next: { kind: 'wait', ms },
  }
}

function backOffMs(failures: number): number {
  return Math.min(limits.reconnectMsMax, limits.reconnectMsMin * 2 ** Math.min(failures, 10))
}
