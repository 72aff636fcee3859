/** Schedules and triggers in the OpenAPI document. */
import { z } from 'zod'
import type { Unreadable } from '../../shared/listing.ts'
import {
  type Schedule,
  type SchedulePreview,
  scheduleEventSchema,
  scheduleRequestSchema,
} from '../../shared/protocol/schedules.ts'
import {
  type Trigger,
  type TriggerTest,
  triggerRequestSchema,
} from '../../shared/protocol/triggers.ts'
import { unreadableSchema } from './unreadable-schema.ts'

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
    history: z.array(scheduleEventSchema).describe('newest first'),
  })
  .meta({ id: 'Schedule' })

export const scheduleListSchema: z.ZodType<{
  readonly schedules: readonly Schedule[]
  readonly unreadable: readonly Unreadable[]
}> = z.object({ schedules: z.array(scheduleSchema), unreadable: unreadableSchema })

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

export const triggerListSchema: z.ZodType<{
  readonly triggers: readonly Trigger[]
  readonly unreadable: readonly Unreadable[]
}> = z.object({ triggers: z.array(triggerSchema), unreadable: unreadableSchema })

export const triggerTestSchema: z.ZodType<TriggerTest> = z.object({
  target: z.string(),
  parameters: z.record(z.string(), z.string().nullable()),
})
