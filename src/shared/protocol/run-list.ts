/** Fields of `GET /api/v1/runs`. Values for the server; the page imports the types only. */
import { z } from 'zod'
import { limits } from '../limits.ts'
import { type RunFilter, starters } from '../run-filter.ts'
import { listOf } from '../search-query.ts'
import { isoTime, parseTime } from '../time.ts'

const states = ['queued', 'running', 'stopping', 'ended'] as const
const outcomes = ['succeeded', 'failed', 'stopped', 'lost'] as const
const time = z.iso.datetime({ offset: true, error: 'is no time as 2026-01-31T12:00:00Z' })

export const runFilterFields = {
  state: listOf(states).optional().describe('in one of these states, joined by commas'),
  outcome: listOf(outcomes).optional().describe('with one of these outcomes, joined by commas'),
  host: z
    .string()
    .min(1, 'is empty')
    .max(limits.hostCharsMax)
    .optional()
    .describe('with a task on this host, as its target names it'),
  q: z
    .string()
    .min(1, 'is empty')
    .max(limits.searchTextCharsMax)
    .optional()
    .describe('with this text in target, command, paths, unit or container, in any case'),
  saved: z
    .string()
    .min(1, 'is empty')
    .max(limits.savedNameCharsMax)
    .optional()
    .describe('started from the saved command with this name'),
  startedBy: z
    .string()
    .regex(
      /^(?:person|(?:schedule|trigger)(?::.{1,60})?)$/su,
      'is none of person, schedule, trigger, schedule:NAME, trigger:NAME',
    )
    .optional()
    .describe('started by a `person`, a `schedule` or a `trigger`; `schedule:NAME` is one of them'),
  pinned: z.enum(['true', 'false']).optional().describe('pinned, or not pinned'),
  since: time.optional().describe('created at this time or later'),
  until: time.optional().describe('created before this time'),
}

/** Checks all fields together, for those who have no route that does. */
export const runFilterSchema = z.strictObject(runFilterFields)

/** The fields as they are written, for who asks. */
export type RunFilterFields = z.input<typeof runFilterSchema>

export function toRunFilter(fields: z.output<typeof runFilterSchema>): RunFilter {
  const { state, outcome, host, q, saved, startedBy, pinned, since, until } = fields
  return {
    ...(state !== undefined && { states: state }),
    ...(outcome !== undefined && { outcomes: outcome }),
    ...(host !== undefined && { host }),
    ...(q !== undefined && { text: q }),
    ...(saved !== undefined && { saved }),
    ...(startedBy !== undefined && { startedBy: starterOf(startedBy) }),
    ...(pinned !== undefined && { pinned: pinned === 'true' }),
    // To UTC with milliseconds, so that times of runs can be compared as texts.
    ...(since !== undefined && { since: isoTime(parseTime(since)) }),
    ...(until !== undefined && { until: isoTime(parseTime(until)) }),
  }
}

/** `schedule:nightly`; checked before. */
function starterOf(text: string): NonNullable<RunFilter['startedBy']> {
  const [word, ...rest] = text.split(':')
  const kind = starters.find((one) => one === word) ?? 'person'
  return rest.length === 0 ? { kind } : { kind, name: rest.join(':') }
}
