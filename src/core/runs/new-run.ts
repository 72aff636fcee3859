/** Turns a request into a run, or refuses it. */
import { parseTarget } from '../../shared/destination.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { RunRequest } from '../../shared/protocol/requests.ts'
import type { Mode, Run, RunId, Source } from '../../shared/run.ts'
import { sourceComplaint } from '../../shared/source.ts'
import { isoTime } from '../../shared/time.ts'
import { newTask } from './task-state.ts'

/** As it is before anything has begun; `now` in milliseconds since 1970. Throws `bad-target`. */
export function newRun(request: RunRequest, id: RunId, now: number): Run {
  const { target, source, mode, merged } = request
  const held = source.kind === 'command' ? (mode ?? 'durable') : followMode
  const tasks = parseTarget(target).map(({ text }, index) => newTask(index, text, held))
  return {
    id,
    target,
    source,
    mode: held,
    merged: merged ?? false,
    state: 'queued',
    outcome: null,
    lines: 0,
    first: 0,
    next: 0,
    epoch: 1,
    gaps: 0,
    lost: 0,
    duplicated: 0,
    epochs: [],
    reset: null,
    paused: null,
    createdAt: isoTime(now),
    endedAt: null,
    tasks,
  }
}

/** What is followed has no end: a host that waits for its turn would wait for ever. */
export function fanoutOf({ kind }: Source): number {
  return kind === 'command' ? limits.fanoutDefault : limits.tasksPerRunMax
}

/** How a followed source is held: it lies on the host anyway, and nobody chooses that. */
const followMode: Mode = 'durable'

/** Not every caller has a schema before it: the engine inside the command line has none. */
export function checkRequest({ source, mode, merged }: RunRequest): void {
  const found = sourceComplaint(source)
  if (found !== undefined) {
    const code = source.kind === 'command' ? 'bad-command' : 'bad-source'
    throw new AppError(code, `${found.subject} ${found.complaint}.`)
  }
  if (source.kind === 'command') return
  if ((mode !== undefined && mode !== followMode) || merged === true) {
    throw new AppError('bad-request', 'Only a command has a mode or can be merged.', {
      hint: 'Leave "mode" and "merged" out for what is followed.',
    })
  }
}
