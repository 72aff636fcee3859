/**
 * Turns what the server sends into exact types, by hand: the page imports this, and a schema
 * library would cost it 22 KB. Lines are not looked at one by one, only counted.
 */
import { AppError } from '../shared/errors.ts'
import type { Mark } from '../shared/mark.ts'
import type {
  LinesEvent,
  LinesPage,
  ResetEvent,
  StreamEvent,
  WireGroup,
} from '../shared/protocol/events.ts'
import type { Run, RunId, Task } from '../shared/run.ts'

/** The event, or undefined for a kind that this version does not know. Throws `bad-response`. */
export function parseStreamEvent(kind: string, data: string): StreamEvent | undefined {
  return parsers.get(kind)?.(parseObject(data))
}

/** An event of the stream of several runs, and the run that it is of; null when it is of all. */
export interface RunsEvent {
  readonly run: RunId | null
  readonly event: StreamEvent
}

/** The same of the stream of several runs. Throws `bad-response`. */
export function parseRunsEvent(kind: string, data: string): RunsEvent | undefined {
  const parse = parsers.get(kind)
  if (parse === undefined) return undefined
  const fields = parseObject(data)
  return { run: kind === 'bye' ? null : text(fields, 'runId'), event: parse(fields) }
}

type Fields = Readonly<Record<string, unknown>>

const parsers: ReadonlyMap<string, (fields: Fields) => StreamEvent> = new Map([
  ['lines', linesEvent],
  ['run', (fields: Fields) => ({ kind: 'run', run: asRun(fields['run']) })],
  ['task', (fields: Fields) => ({ kind: 'task', task: asTask(fields['task']) })],
  ['partial', partialEvent],
  [
    'end',
    (fields: Fields) => ({ kind: 'end', next: whole(fields, 'next'), run: asRun(fields['run']) }),
  ],
  ['reset', resetEvent],
  ['viewers', viewersEvent],
  ['marks', (fields: Fields) => ({ kind: 'marks', marks: asMarks(fields) })],
  ['bye', (fields: Fields) => ({ kind: 'bye', retryMs: whole(fields, 'retryMs') })],
])

function viewersEvent(fields: Fields): StreamEvent {
  // A server of an older version tells no names.
  const names = fields['names'] === undefined ? [] : array(fields, 'names').map(String)
  return { kind: 'viewers', count: whole(fields, 'count'), names }
}

function resetEvent(fields: Fields): StreamEvent {
  const start = { epoch: whole(fields, 'epoch'), from: whole(fields, 'from') }
  const { epochs = [start] } = fields as Partial<ResetEvent>
  return { kind: 'reset', ...start, epochs }
}

function partialEvent(fields: Fields): StreamEvent {
  const channel = fields['channel'] === 'err' ? 'err' : 'out'
  return { kind: 'partial', task: whole(fields, 'task'), channel, text: text(fields, 'text') }
}

/** The run in an answer of the API. Throws `bad-response`. */
export function asRun(value: unknown): Run {
  return { ...asRunHead(value), tasks: array(asFields(value), 'tasks').map(asTask) }
}

/** What it has beside its tasks. Throws `bad-response`. */
export function asRunHead(value: unknown): Omit<Run, 'tasks'> {
  const fields = asFields(value)
  text(fields, 'id')
  text(fields, 'target')
  text(fields, 'state')
  text(fields, 'createdAt')
  whole(fields, 'first')
  whole(fields, 'next')
  whole(fields, 'lines')
  checkSource(asFields(fields['source']))
  // What the server checked against the same types is not spelt out field by field again. A server
  // of 0.1.0 does not know the first ones.
  const { reset = null } = fields as Partial<Run>
  const epochs = reset === null ? [] : [reset]
  const known = { gaps: 0, paused: null, pinned: false, removed: null, reset, epochs }
  return { ...known, ...(value as Partial<Run> & typeof fields) } as Run
}

/** The page of lines in an answer of the API. Throws `bad-response`. */
export function asLinesPage(value: unknown): LinesPage {
  const fields = asFields(value)
  whole(fields, 'from')
  whole(fields, 'next')
  array(fields, 'lines')
  return value as LinesPage
}

/** The marks in an answer of the API. Throws `bad-response`. */
export function asMarks(value: unknown): readonly Mark[] {
  return array(asFields(value), 'marks').map((mark) => {
    const fields = asFields(mark)
    const { by } = fields
    return {
      pos: whole(fields, 'pos'),
      time: text(fields, 'time'),
      ...(typeof by === 'string' && { by }),
    }
  })
}

/** Any JSON object. Throws `bad-response`. */
export function asFields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('an object')
  // An object that is no array has string keys with unknown values.
  return value as Readonly<Record<string, unknown>>
}

/** The list under a name. Throws `bad-response`. */
export function array(fields: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const value = fields[name]
  if (!Array.isArray(value)) throw bad(`a list "${name}"`)
  return value
}

function checkSource(source: Readonly<Record<string, unknown>>): void {
  switch (source['kind']) {
    case 'command':
      text(source, 'command')
      return
    case 'files':
      array(source, 'paths').forEach((_, at, paths) => text({ path: paths[at] }, 'path'))
      return
    case 'journal':
      text(source, 'unit')
      return
    case 'container':
      text(source, 'name')
      return
    default:
      throw bad('a source of a kind that this version knows')
  }
}

function linesEvent(fields: Readonly<Record<string, unknown>>): LinesEvent {
  const pos = whole(fields, 'pos')
  const next = whole(fields, 'next')
  let count = 0
  for (const group of array(fields, 'groups')) count += linesOf(group)
  if (pos + count !== next) throw bad(`${next - pos} lines, as it says; it holds ${count}`)
  // Every group was just looked at.
  return { kind: 'lines', pos, next, groups: fields['groups'] as readonly WireGroup[] }
}

function linesOf(value: unknown): number {
  const group = asFields(value)
  whole(group, 'task')
  text(group, 'time')
  if (group['file'] !== undefined) text(group, 'file')
  const channel = text(group, 'channel')
  if (channel !== 'out' && channel !== 'err' && channel !== 'note') throw bad('a known channel')
  return array(group, 'lines').length
}

function asTask(value: unknown): Task {
  const fields = asFields(value)
  whole(fields, 'id')
  text(fields, 'host')
  text(fields, 'state')
  return value as Task
}

export function parseObject(data: string): Readonly<Record<string, unknown>> {
  try {
    return asFields(JSON.parse(data))
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw bad('JSON')
  }
}

/** A whole number from 0 up under a name. Throws `bad-response`. */
export function whole(fields: Readonly<Record<string, unknown>>, name: string): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw bad(`a whole number "${name}"`)
}

/** A text under a name. Throws `bad-response`. */
export function text(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name]
  if (typeof value === 'string') return value
  throw bad(`a text "${name}"`)
}

function bad(wanted: string): AppError {
  return new AppError('bad-response', `The server's answer should hold ${wanted}.`)
}
