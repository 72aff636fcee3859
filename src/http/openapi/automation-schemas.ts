/** Schedules and triggers in the OpenAPI document. */
import { z } from 'zod'
import {
  type Schedule,
  type SchedulePreview,
  scheduleRequestSchema,
  scheduleResults,
} from '../../shared/protocol/schedules.ts'
import {
  type Trigger,
  type TriggerTest,
  triggerRequestSchema,
} from '../../shared/protocol/triggers.ts'

const count = z.int().min(0)
const time = z.iso.datetime()

// The requests with their defaults filled in.
const schedule = scheduleRequestSchema.unwrap().shape
const trigger = triggerRequestSchema.unwrap().shape

export const scheduleSchema: z.ZodType<Schedule> = z
  .object({
    name: z.string(),
    version: count,
    enabled: schedule.enabled.unwrap(),
    cron: schedule.cron,
    timeZone: schedule.timeZone.unwrap(),
    start: schedule.start,
    missed: schedule.missed.unwrap(),
    overlap: schedule.overlap.unwrap(),
    next: z.array(time).describe('the next times, of one that is enabled'),
    waiting: time.nullable().describe('a time that waits for the end of the run before'),
    history: z
      .array(
        z.object({
          due: time,
          result: z.enum(scheduleResults),
          run: z.string().nullable(),
          problem: z.string().nullable(),
        }),
      )
      .describe('newest first'),
  })
  .meta({ id: 'Schedule' })

export const scheduleListSchema: z.ZodType<{ readonly schedules: readonly Schedule[] }> = z.object({
  schedules: z.array(scheduleSchema),
})

export const schedulePreviewSchema: z.ZodType<SchedulePreview> = z.object({ next: z.array(time) })

export const triggerSchema: z.ZodType<Trigger> = z
  .object({
    name: z.string(),
    version: count,
    enabled: trigger.enabled.unwrap(),
    saved: trigger.saved,
    target: trigger.target,
    parameters: trigger.parameters.unwrap(),
    mapping: trigger.mapping.unwrap(),
    signature: trigger.signature.unwrap(),
    path: z.string().describe('to send to'),
    secret: z.string().nullable().describe('only in the answer to the request that has made it'),
  })
  .meta({ id: 'Trigger' })

export const triggerListSchema: z.ZodType<{ readonly triggers: readonly Trigger[] }> = z.object({
  triggers: z.array(triggerSchema),
})

export const triggerTestSchema: z.ZodType<TriggerTest> = z.object({
  target: z.string(),
  parameters: z.record(z.string(), z.string().nullable()),
})
