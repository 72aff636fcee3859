/**
 * Schedules on the wire (docs/protocol.md): what is started, when, and what became of it. Schemas for
 * the server; the page imports the types only.
 */
import { z } from 'zod'
import { automationLimits } from '../automation-limits.ts'
import { startRunSchema } from './start-run.ts'

/** Body of `PUT /api/v1/schedules/{name}`. */
export const scheduleRequestSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    cron: z
      .string()
      .min(1, 'is empty')
      .max(automationLimits.cronCharsMax)
      .describe('minute, hour, day of month, month, day of week; seconds may stand before them'),
    timeZone: z
      .string()
      .min(1, 'is empty')
      .max(automationLimits.cronCharsMax)
      .default('UTC')
      .describe('name of the IANA time zone whose clock it goes by'),
    start: startRunSchema.describe('what it starts: as the body that starts a run'),
    missed: z
      .enum(['skip', 'run-once'])
      .default('skip')
      .describe('times that passed while no server ran'),
    overlap: z
      .enum(['skip', 'allow', 'queue'])
      .default('skip')
      .describe('when its run before has not ended'),
  })
  .readonly()
export type ScheduleRequest = z.infer<typeof scheduleRequestSchema>

const scheduleResults = ['started', 'skipped', 'missed', 'failed'] as const

/** What became of one of its times. */
export interface ScheduleEvent {
  /** The time that was due, in ISO 8601 UTC. */
  readonly due: string
  readonly result: (typeof scheduleResults)[number]
  /** The run that it started. */
  readonly run: string | null
  /** Why it started none; a sentence. */
  readonly problem: string | null
}

export const scheduleEventSchema: z.ZodType<ScheduleEvent> = z.object({
  due: z.iso.datetime(),
  result: z.enum(scheduleResults),
  run: z.string().nullable(),
  problem: z.string().nullable(),
})

/** Answer of `GET /api/v1/schedules/{name}`. */
export interface Schedule extends ScheduleRequest {
  readonly name: string
  readonly version: number
  /** The next times, of one that is enabled. ISO 8601 UTC. */
  readonly next: readonly string[]
  /** A time that waits for the end of the run before. */
  readonly waiting: string | null
  /** Newest first. */
  readonly history: readonly ScheduleEvent[]
}

/** Answer of `POST /api/v1/schedules/{name}/preview`. */
export interface SchedulePreview {
  readonly next: readonly string[]
}
