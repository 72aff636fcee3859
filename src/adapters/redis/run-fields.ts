/** A run as the fields of its hash, and back. */

import { checkProgress } from '../../core/store/log-rules.ts'
import type { Append } from '../../core/store/log-store.ts'
import type { IdempotencyKey } from '../../core/store/run-catalog.ts'
import type { EpochStart } from '../../shared/epochs.ts'
import { AppError } from '../../shared/errors.ts'
import type { Run, RunId, Task } from '../../shared/run.ts'
import { storedPlan } from '../../shared/run-plan.ts'
import { listOf, maybeTextOf, textOf } from './replies.ts'

/** Values by name. */
export type RunFields = ReadonlyMap<string, string>

/** All fields of a new run. */
export function fieldsOfNewRun(run: Run, owner: string, key?: IdempotencyKey): RunFields {
  const { tasks, ...body } = run
  return new Map([
    ['body', JSON.stringify(body)],
    ['owner', owner],
    ...Object.entries(key ?? {}),
    ...['first', 'hot', 'next'].map((name) => [name, String(run.first)] as const),
    ...['lines', 'gaps', 'change'].map((name) => [name, '0'] as const),
    ['pinned', run.pinned ? '1' : '0'],
    ['epoch', '1'],
    ...fieldsOfChange({ tasks, state: run }),
    ...offsetsOf(tasks),
  ])
}

/** The fields that a change sets. Throws `progress-too-large`. */
export function fieldsOfChange(change: Pick<Append, 'tasks' | 'state' | 'progress'>): RunFields {
  const { tasks, state, progress = [] } = change
  checkProgress(progress)
  const fields = new Map<string, string>()
  for (const task of tasks) fields.set(`task:${task.id}`, taskBody(task))
  // As JSON, which keeps halves of characters too.
  for (const { task, value } of progress) fields.set(`progress:${task}`, JSON.stringify(value))
  if (state !== undefined) {
    fields.set('state', state.state)
    fields.set('outcome', state.outcome ?? '')
    fields.set('endedAt', state.endedAt ?? '')
  }
  return fields
}

/** Without what moves with the lines, so that it is seldom another one. */
function taskBody(task: Task): string {
  return JSON.stringify({ ...task, outBytes: 0, errBytes: 0 })
}

/** How far tasks are: apart from their other values, as it moves with lines alone. */
export function offsetsOf(tasks: readonly Task[]): RunFields {
  return new Map(
    tasks.map(({ id, outBytes, errBytes }) => [`at:${id}`, JSON.stringify([outBytes, errBytes])]),
  )
}

/** Whether the field is part of what the lines say, so that it is stored with them in any case. */
export function belongsToLines(name: string): boolean {
  return name.startsWith('at:') || name.startsWith('progress:')
}

/** The answer of HGETALL. */
export function toFields(reply: unknown): RunFields {
  const flat = listOf(reply).map(textOf)
  const fields = new Map<string, string>()
  for (let at = 0; at + 1 < flat.length; at += 2) fields.set(flat[at] ?? '', flat[at + 1] ?? '')
  return fields
}

/** Of a run, all but those of its tasks. */
export const ownFields = [
  'body',
  'state',
  'outcome',
  'endedAt',
  'epoch',
  'first',
  'next',
  'lines',
  'gaps',
  'epochs',
  'pinned',
  'removed',
] as const

/** The answer of HMGET with these names. */
export function fieldsOf(names: readonly string[], values: readonly unknown[]): RunFields {
  const fields = new Map<string, string>()
  for (const [at, name] of names.entries()) {
    const value = maybeTextOf(values[at])
    if (value !== undefined) fields.set(name, value)
  }
  return fields
}

/** Names and values in turn, as a script takes them. */
export function flatten(fields: RunFields): string[] {
  return [...fields].flat()
}

/** The run; undefined when there is none. */
export function toRun(id: RunId, fields: RunFields): Run | undefined {
  const body = fields.get('body')
  if (body === undefined) return undefined
  try {
    return parseRun(id, JSON.parse(body), fields)
  } catch (cause) {
    throw new AppError('store-failed', `What Redis holds of run ${id} is damaged.`, {
      cause,
      hint: 'Restore it from a backup, or remove the run.',
    })
  }
}

/** What is kept under the name of an Idempotency-Key. */
export function claimOf(run: RunId, digest: string): string {
  return JSON.stringify({ digest, run })
}

/** The last progress of each task that has any. */
export function progressOf(fields: RunFields): Map<number, string> {
  const progress = new Map<number, string>()
  for (const [name, value] of fields) {
    const task = /^progress:(\d+)$/.exec(name)?.[1]
    if (task !== undefined) progress.set(Number(task), String(JSON.parse(value)))
  }
  return progress
}

/** The texts were written by this program: trusted. */
function parseRun(id: RunId, body: Run, fields: RunFields): Run {
  const number = (name: string) => Number(fields.get(name) ?? 0)
  const epochs = epochsOf(fields)
  return {
    ...body,
    plan: storedPlan(body),
    id,
    state: fields.get('state') as Run['state'],
    outcome: (fields.get('outcome') || null) as Run['outcome'],
    endedAt: fields.get('endedAt') || null,
    epoch: number('epoch'),
    first: number('first'),
    next: number('next'),
    lines: number('lines'),
    gaps: number('gaps'),
    epochs,
    reset: epochs.at(-1) ?? null,
    // Only the process that carries the run knows; nothing can be stored at that time.
    paused: null,
    pinned: fields.get('pinned') === '1',
    removed: JSON.parse(fields.get('removed') ?? 'null'),
    tasks: tasksOf(fields),
  }
}

function tasksOf(fields: RunFields): Task[] {
  return [...fields]
    .filter(([name]) => name.startsWith('task:'))
    .map(([, value]) => {
      const task = JSON.parse(value) as Task
      const [outBytes, errBytes] = JSON.parse(fields.get(`at:${task.id}`) ?? '[0,0]')
      return { ...task, outBytes, errBytes }
    })
    .toSorted((a, b) => a.id - b.id)
}

/** As the script that takes a run over has written them: `2:120 5:4000`. */
function epochsOf(fields: RunFields): readonly EpochStart[] {
  const starts = (fields.get('epochs') ?? '').matchAll(/(\d+):(\d+)/g)
  return [...starts].map(([, epoch, from]) => ({ epoch: Number(epoch), from: Number(from) }))
}
