/** Fields of `GET /api/v1/runs`. Values for the server; the page imports the types only. */
import { z } from 'zod'
import { limits } from '../limits.ts'
import type { RunFilter } from '../run-filter.ts'
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
  pinned: z.enum(['true', 'false']).optional().describe('pinned, or not pinned'),
  since: time.optional().describe('created at this time or later'),
  until: time.optional().describe('created before this time'),
}

/** Checks all fields together, for those who have no route that does. */
export const runFilterSchema = z.strictObject(runFilterFields)

/** The fields as they are written, for who asks. */
export type RunFilterFields = z.input<typeof runFilterSchema>

export function toRunFilter(fields: z.output<typeof runFilterSchema>): RunFilter {
  const { state, outcome, host, q, saved, pinned, since, until } = fields
  return {
    ...(state !== undefined && { states: state }),
    ...(outcome !== undefined && { outcomes: outcome }),
    ...(host !== undefined && { host }),
    ...(q !== undefined && { text: q }),
    ...(saved !== undefined && { saved }),
    ...(pinned !== undefined && { pinned: pinned === 'true' }),
    // To UTC with milliseconds, so that times of runs can be compared as texts.
    ...(since !== undefined && { since: isoTime(parseTime(since)) }),
    ...(until !== undefined && { until: isoTime(parseTime(until)) }),
  }
}
