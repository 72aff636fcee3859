/** The life of a task as a pure state machine: each event gives the task as it is then. */
import { type AppError, sentenceOf } from '../../shared/errors.ts'
import type { Question } from '../../shared/question.ts'
import { isFinal, type Mode, type Task } from '../../shared/run.ts'

export type TaskEvent =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'asked'; readonly question: Question }
  | { readonly kind: 'answered' }
  | { readonly kind: 'mode'; readonly mode: Mode }
  | { readonly kind: 'started'; readonly time: string }
  | { readonly kind: 'disconnected'; readonly time: string }
  /** The host does not let us in any more; a person must put it right while it is tried on. */
  | { readonly kind: 'refused'; readonly error: AppError; readonly time: string }
  | { readonly kind: 'resumed'; readonly isStopping: boolean }
  | { readonly kind: 'read'; readonly channel: 'out' | 'err'; readonly bytes: number }
  /** The source goes on at another byte than the next one. */
  | { readonly kind: 'moved'; readonly channel: 'out' | 'err'; readonly to: number }
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'stopping' }
  /** `error`: why we have ended it, when nobody had asked for that. */
  | { readonly kind: 'finished'; readonly time: string; readonly error?: AppError }
  | { readonly kind: 'failed'; readonly error: AppError; readonly time: string }
  | { readonly kind: 'lost'; readonly error: AppError; readonly time: string }

/** A task as it is when its run is made. */
export function newTask(id: number, host: string, mode: Mode = 'durable'): Task {
  return {
    id,
    host,
    mode,
    state: 'queued',
    exitCode: null,
    signal: null,
    outBytes: 0,
    errBytes: 0,
    startedAt: null,
    endedAt: null,
    awaySince: null,
    message: null,
    code: null,
    question: null,
  }
}

/** A final state never changes; `stopping` is only left for a final one. */
export function nextTask(task: Task, event: TaskEvent): Task {
  return isFinal(task.state) ? task : { ...task, ...changeBy(task, event) }
}

function changeBy<Kind extends TaskEvent['kind']>(
  task: Task,
  event: Extract<TaskEvent, { kind: Kind }>,
): Partial<Task> {
  // The compiler does not see that the row of a kind takes events of that kind.
  const change = changes[event.kind] as (
    task: Task,
    event: Extract<TaskEvent, { kind: Kind }>,
  ) => Partial<Task>
  return change(task, event)
}

type Changes = {
  readonly [Kind in TaskEvent['kind']]: (
    task: Task,
    event: Extract<TaskEvent, { kind: Kind }>,
  ) => Partial<Task>
}

/** What each event changes. */
const changes: Changes = {
  connecting: () => ({ state: 'connecting', question: null }),
  asked: (_, { question }) => ({ state: 'needs-input', question }),
  answered: (task) => ({ state: awayState(task), question: null }),
  mode: (_, { mode }) => ({ mode }),
  disconnected: (task, { time }) => ({
    state: kept(task) ?? awayState(task),
    ...noReason,
    ...awayFrom(task, time),
  }),
  refused: (task, { error, time }) => ({
    state: kept(task) ?? 'needs-input',
    ...reasonOf(error),
    ...awayFrom(task, time),
  }),
  resumed: (_, { isStopping }) => ({
    state: isStopping ? 'stopping' : 'running',
    ...noReason,
    ...here,
  }),
  started: (task, { time }) => ({
    state: kept(task) ?? 'running',
    startedAt: time,
    ...noReason,
    ...here,
  }),
  read: (task, { channel, bytes }) => moved(channel, bytesOf(task, channel) + bytes),
  moved: (_, { channel, to }) => moved(channel, to),
  exited: (_, { code }) => ({ exitCode: code, signal: signalName(code) }),
  stopping: () => ({ state: 'stopping', question: null }),
  finished: (_, { time, error }) => ({
    state: 'ended',
    endedAt: time,
    ...(error === undefined ? { question: null } : reasonOf(error)),
    ...here,
  }),
  failed: (_, { error, time }) => ({ state: 'failed', endedAt: time, ...reasonOf(error), ...here }),
  lost: (_, { error, time }) => ({ state: 'lost', endedAt: time, ...reasonOf(error), ...here }),
}

/** While there is no connection: before the start it is made, after it is made again. */
function awayState(task: Task): 'connecting' | 'reconnecting' {
  return task.startedAt === null ? 'connecting' : 'reconnecting'
}

function reasonOf(error: AppError): Pick<Task, 'question' | 'code' | 'message'> {
  return { question: null, code: error.code, message: sentenceOf(error) }
}

const noReason = { question: null, code: null, message: null }

/** A wish to stop may have come before the connection did, and outlives one that is gone. */
function kept(task: Task): 'stopping' | undefined {
  return task.state === 'stopping' ? 'stopping' : undefined
}

/** What was not started is not away: nothing of it goes on on the host. */
function awayFrom({ startedAt, awaySince }: Task, time: string): Pick<Task, 'awaySince'> {
  return { awaySince: startedAt === null ? null : (awaySince ?? time) }
}

const here = { awaySince: null }

function bytesOf(task: Task, channel: 'out' | 'err'): number {
  return channel === 'out' ? task.outBytes : task.errBytes
}

function moved(channel: 'out' | 'err', to: number): Partial<Task> {
  return channel === 'out' ? { outBytes: to } : { errBytes: to }
}

const signals: Readonly<Record<number, string>> = {
  1: 'HUP',
  2: 'INT',
  3: 'QUIT',
  4: 'ILL',
  6: 'ABRT',
  7: 'BUS',
  8: 'FPE',
  9: 'KILL',
  11: 'SEGV',
  13: 'PIPE',
  14: 'ALRM',
  15: 'TERM',
  24: 'XCPU',
  25: 'XFSZ',
}

/** `sh` says 128 + n for a death by signal n; a real `exit 143` looks the same. */
export function signalName(code: number): string | null {
  return code > 128 ? (signals[code - 128] ?? null) : null
}
