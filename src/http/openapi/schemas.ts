/** Schemas of answers, for the OpenAPI document. Held to the types of `shared` by the compiler. */
import { z } from 'zod'
import { countedStates } from '../../shared/counted-state.ts'
import { limits } from '../../shared/limits.ts'
import type { ListedRun } from '../../shared/listed-run.ts'
import type { Mark } from '../../shared/mark.ts'
import type { ErrorBody } from '../../shared/protocol/error-body.ts'
import type { LinesPage } from '../../shared/protocol/events.ts'
import type { GroupedRun } from '../../shared/protocol/groups.ts'
import { errorCodeSchema } from '../../shared/protocol/host-requests.ts'
import { runIdSchema, runStateSchema } from '../../shared/protocol/requests.ts'
import type { HistogramAnswer } from '../../shared/protocol/search.ts'
import type { SessionInfo } from '../../shared/protocol/session.ts'
import type { Question } from '../../shared/question.ts'
import { type Removal, retentionRules } from '../../shared/retention.ts'
import {
  modeNames,
  type Run,
  type SavedUse,
  type Source,
  starterKinds,
  type Task,
} from '../../shared/run.ts'
import { type RunPlan, runOrders } from '../../shared/run-plan.ts'

const count = z.int().min(0)
const time = z.iso.datetime().describe('ISO 8601, UTC')

const question: z.ZodType<Question> = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('host-key'),
      id: count,
      host: z.string(),
      address: z.string().nullable(),
      keyType: z.string(),
      fingerprint: z.string(),
    }),
    z.object({
      kind: z.literal('secret'),
      id: count,
      ask: z.enum(['password', 'passphrase', 'keyboard-interactive', 'sudo']),
      prompt: z.string(),
      echo: z.boolean(),
      refused: count,
    }),
  ])
  .meta({ id: 'Question' })

const taskFields = {
  id: count.describe('the `task` of its lines'),
  host: z.string(),
  destination: z.string().exactOptional().describe('where ssh goes, when that is another place'),
  mode: z.enum(modeNames).describe('how it is held on its host'),
  state: z.enum([
    'queued',
    'connecting',
    'needs-input',
    'running',
    'reconnecting',
    'stopping',
    'ended',
    'failed',
    'lost',
  ]),
  exitCode: z.int().min(0).max(255).nullable(),
  signal: z.string().nullable(),
  outBytes: count,
  errBytes: count,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  awaySince: time.nullable().describe('since when its host is away, while the source goes on'),
  message: z.string().nullable().describe('why it failed or waits, and what to do'),
  code: errorCodeSchema.nullable(),
  question: question.nullable().describe('to be answered while the state is `needs-input`'),
}

const task: z.ZodType<Task> = z.object(taskFields).meta({ id: 'Task' })

const { id, host, state, exitCode, signal, code, awaySince } = taskFields
const listedTaskFields = { id, host, state, exitCode, signal, code, awaySince }

const lines = count.exactOptional().describe('last lines that came first')

const source: z.ZodType<Source> = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('command'), command: z.string() }),
    z.object({ kind: z.literal('files'), paths: z.array(z.string()), lines }),
    z.object({ kind: z.literal('journal'), unit: z.string(), lines }),
    z.object({ kind: z.literal('container'), name: z.string(), lines }),
  ])
  .meta({ id: 'Source' })

const saved: z.ZodType<SavedUse> = z.object({
  name: z.string(),
  version: count,
  parameters: z
    .record(z.string(), z.union([z.string(), z.null(), z.record(z.string(), z.string())]))
    .describe('a value, or one for each host; null for a secret'),
})

const epochStart = z.object({
  epoch: count,
  from: count.describe('positions from here on are of this epoch or a later one'),
})

const plan: z.ZodType<RunPlan> = z
  .object({
    fanout: count.describe('tasks at once'),
    batch: count.nullable().describe('hosts of a batch; null: no batches'),
    maxFailures: count.nullable(),
    taskTimeoutMs: count.nullable(),
    timeoutMs: count.nullable(),
    order: z.enum(runOrders).describe('in which hosts have their turn; tasks are numbered in it'),
  })
  .meta({ id: 'RunPlan' })

const removal: z.ZodType<Removal> = z
  .object({
    at: time,
    before: count.describe('lines before this position'),
    lines: count.describe('how many of `out` and `err`'),
    rule: z.enum(retentionRules),
    limit: count.describe('the bound of the rule: milliseconds, bytes or runs'),
  })
  .meta({ id: 'Removal' })

const runFields = {
  id: runIdSchema,
  target: z.string(),
  source,
  saved: saved.exactOptional().describe('the saved command that it was started from'),
  rerunOf: runIdSchema.exactOptional().describe('the run that it runs again'),
  startedBy: z
    .object({ kind: z.enum(starterKinds), name: z.string() })
    .exactOptional()
    .describe('the schedule or trigger that started it; not there when a person did'),
  mode: z.enum(modeNames),
  merged: z.boolean(),
  plan,
  secretNames: z
    .array(z.string())
    .readonly()
    .exactOptional()
    .describe('variables of the command whose values are secret; not there without any'),
  sudo: z.boolean().exactOptional().describe('its command is run by sudo'),
  state: runStateSchema,
  outcome: z.enum(['succeeded', 'failed', 'stopped', 'lost']).nullable(),
  lines: count.describe('lines of `out` and `err`'),
  first: count.describe('first position that is still kept'),
  next: count.describe('position of the next line'),
  epoch: count,
  gaps: count.describe('notes of bytes that could not be had any more'),
  lost: count.describe('of dense positions; 0, or the store has broken its rule'),
  duplicated: count,
  epochs: z
    .array(epochStart)
    .readonly()
    .describe('where each ownership after the first began, oldest first'),
  reset: epochStart.nullable().describe('the last of `epochs`'),
  paused: z.string().nullable().describe('why its reading waits for the store, and what to do'),
  pinned: z.boolean().describe('retention leaves it as it is'),
  removed: removal.nullable().describe('what retention has removed of its lines'),
  createdAt: time,
  endedAt: time.nullable(),
}

export const runSchema: z.ZodType<Run> = z
  .object({ ...runFields, tasks: z.array(task) })
  .meta({ id: 'Run' })

const listedRun: z.ZodType<ListedRun> = z
  .object({
    ...runFields,
    hosts: count.describe('number of its tasks'),
    counts: z
      .partialRecord(z.enum(countedStates), count)
      .describe('how many tasks are in which state; of those that ended, what they amount to'),
    away: count.describe('tasks that go on while their host is away'),
    bytes: count.describe('of the output of all tasks'),
    firstTasks: z
      .array(z.object(listedTaskFields))
      .describe(`the first ${limits.listedTasksMax} of its tasks`),
  })
  .meta({ id: 'ListedRun' })

export const runListSchema: z.ZodType<{ readonly runs: readonly (ListedRun | Run)[] }> = z.object({
  runs: z.array(z.union([listedRun, runSchema])),
})

const lineEnd = z.enum(['continued', 'unterminated'])

const stop = z.object({ message: z.string(), hint: z.string() })

export const linesPageSchema: z.ZodType<LinesPage> = z
  .object({
    run: runIdSchema,
    from: count,
    next: count.describe('cursor for the next page'),
    lines: z.array(
      z.object({
        pos: count,
        task: count,
        channel: z.enum(['out', 'err', 'note']),
        time,
        file: z
          .string()
          .exactOptional()
          .describe('followed file, where the task follows several; a text of the host'),
        text: z.string(),
        end: lineEnd.exactOptional(),
        bytes: count.exactOptional().describe('size of a line whose text is cut'),
      }),
    ),
    stopped: stop.exactOptional().describe('why a filtered page ends early'),
  })
  .meta({ id: 'LinesPage' })

const levelCount = count.exactOptional()

export const histogramSchema: z.ZodType<HistogramAnswer> = z
  .object({
    run: runIdSchema,
    by: z.enum(['time', 'pos']),
    from: count.describe('start of the axis: milliseconds since 1970, or a position'),
    to: count,
    size: count.describe('number of intervals'),
    buckets: z.array(
      z.object({
        index: count.describe('number of the interval, from 0'),
        pos: count.describe('of the first line in it'),
        out: count,
        err: count,
        note: count,
        levels: z.object({
          error: levelCount,
          warn: levelCount,
          info: levelCount,
          debug: levelCount,
        }),
      }),
    ),
    count,
    next: count.describe('position before which all lines are counted'),
    stopped: stop.nullable().describe('why it is not all that was asked for'),
  })
  .meta({ id: 'Histogram' })

const channelCounts = z.object({ out: count, err: count })

export const groupedRunSchema: z.ZodType<GroupedRun> = z
  .object({
    run: runIdSchema,
    from: count.describe('first position that was compared'),
    next: count.describe('position before which all lines were compared'),
    isFinal: z.boolean().describe('nothing changes any more'),
    groups: z
      .array(
        z.object({
          tasks: z.array(count),
          ended: z
            .object({
              state: z.enum(['ended', 'failed', 'lost']),
              exitCode: z.int().min(0).max(255).nullable(),
              signal: z.string().nullable(),
            })
            .nullable()
            .describe('how its tasks ended; null while they go on'),
          lines: channelCounts.describe('lines that each of its tasks has'),
          common: channelCounts.describe('of those, from the start on, the same as the reference'),
          relation: z.enum(['reference', 'same', 'so-far', 'differs']),
        }),
      )
      .describe('odd ones first, the reference last'),
    tooLong: z.array(count).describe('tasks with too many lines to be grouped'),
  })
  .meta({ id: 'GroupedRun' })

export const marksSchema: z.ZodType<{ readonly marks: readonly Mark[] }> = z
  .object({
    marks: z.array(z.object({ pos: z.int(), time: z.string(), by: z.string().exactOptional() })),
  })
  .meta({ id: 'Marks', description: 'Marked lines, by position.' })

export const sessionSchema: z.ZodType<SessionInfo> = z
  .object({
    auth: z.enum(['none', 'token']),
    signedIn: z.boolean(),
    pageKey: z.string().nullable().describe('send it as X-Farglass-Key with every change'),
    version: z.string(),
  })
  .meta({ id: 'Session' })

const errorSchema: z.ZodType<ErrorBody> = z
  .object({
    error: z.object({ code: z.string(), message: z.string(), hint: z.string() }),
  })
  .meta({ id: 'Error' })

/** Every refusal looks the same, so each route documents it in one word. */
export const refusals = { '4xx': errorSchema }

/** Of a stream that never ends by itself. */
export const endlessStream = {
  200: {
    description: 'the events',
    content: { 'text/event-stream': { schema: z.string() } },
  },
  ...refusals,
}

/** Answers of a route that gives a stream; `done` says when there is nothing to stream. */
export function streamAnswers(done: string) {
  return {
    ...endlessStream,
    204: z.null().describe(done),
  }
}
