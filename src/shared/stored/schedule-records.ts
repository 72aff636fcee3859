/** Schemas of what is stored of schedules. */
import { z } from 'zod'
import { scheduleEventSchema, scheduleRequestSchema } from '../protocol/schedules.ts'

/** A schedule as people wrote it. */
export const storedScheduleSchema = scheduleRequestSchema.unwrap().extend({ since: z.number() })

/** What became of a schedule. */
export const scheduleTraceSchema = z.object({
  settled: z.number(),
  open: z.object({ due: z.number(), owner: z.string() }).nullable(),
  lastRun: z.string().nullable(),
  history: z.array(scheduleEventSchema),
})
