/** The life of a task as a pure state machine: each event gives the task as it is then. */
import type { AppError } from '../../shared/errors.ts'
import type { Question } from '../../shared/question.ts'
import { isFinal, type Task } from '../../shared/run.ts'

export type TaskEvent =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'asked'; readonly question: Question }
  | { readonly kind: 'answered' }
  | { readonly kind: 'started'; readonly time: string }
  | { readonly kind: 'read'; readonly channel: 'out' | 'err'; readonly bytes: number }
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'finished'; readonly time: string }
  | { readonly kind: 'failed'; readonly error: AppError; readonly time: string }
  | { readonly kind: 'lost'; readonly error: AppError; readonly time: string }

/** A task as it is when its run is made. */
export function newTask(id: number, host: string): Task {
  return {
    id,
    host,
    state: 'queued',
    exitCode: null,
    signal: null,
    outBytes: 0,
    errBytes: 0,
    startedAt: null,
    endedAt: null,
    message: null,
    code: null,
    question: null,
  }
}

/** A final state never changes; `stopping` is only left for a final one. */
export function nextTask(task: Task, event: TaskEvent): Task {
  if (isFinal(task.state)) return task
  switch (event.kind) {
    case 'connecting':
      return { ...task, state: 'connecting', question: null }
    case 'asked':
      return { ...task, state: 'needs-input', question: event.question }
    case 'answered':
      return { ...task, state: 'connecting', question: null }
    case 'started':
      return { ...task, state: startedState(task), startedAt: event.time, question: null }
    case 'read':
      return read(task, event)
    case 'exited':
      return { ...task, exitCode: event.code, signal: signalName(event.code) }
    case 'stopping':
      return { ...task, state: 'stopping', question: null }
    case 'finished':
      return { ...task, state: 'ended', endedAt: event.time, question: null }
    case 'failed':
    case 'lost':
      return {
        ...task,
        state: event.kind,
        endedAt: event.time,
        question: null,
        code: event.error.code,
        message: `${event.error.message} ${event.error.hint}`,
      }
  }
}

/** A stop may have been asked while the session was being opened. */
function startedState(task: Task): 'running' | 'stopping' {
  return task.state === 'stopping' ? 'stopping' : 'running'
}

function read(task: Task, event: Extract<TaskEvent, { kind: 'read' }>): Task {
  return event.channel === 'out'
    ? { ...task, outBytes: task.outBytes + event.bytes }
    : { ...task, errBytes: task.errBytes + event.bytes }
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
