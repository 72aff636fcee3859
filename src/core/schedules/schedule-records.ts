/** What is stored of schedules: each as it was written, and what became of it. */
import { automationLimits } from '../../shared/automation-limits.ts'
import type { ScheduleEvent, ScheduleRequest } from '../../shared/protocol/schedules.ts'
import { type RecordType, removedBy } from '../store/typed-records.ts'

export interface StoredSchedule extends ScheduleRequest {
  /** Times before are not its business: it was made, changed or switched on then. */
  readonly since: number
}

/** What became of a schedule, the same for all nodes. */
export interface StoredTrace {
  /** Times up to this one are settled, but for the open one. */
  readonly settled: number
  /** A time that a node has taken on itself and not started for yet. */
  readonly open: { readonly due: number; readonly owner: string } | null
  /** The run that it started last. */
  readonly lastRun: string | null
  readonly history: readonly ScheduleEvent[]
}

export const scheduleType: RecordType<StoredSchedule> = {
  kind: 'schedule',
  noun: 'schedule',
  countMax: automationLimits.schedulesMax,
  remedy: removedBy('schedules'),
  schema: async () => (await schemas()).storedScheduleSchema,
}

/** By the name of the schedule. */
export const traceType: RecordType<StoredTrace> = {
  kind: 'schedule-trace',
  noun: 'history of the schedule',
  schema: async () => (await schemas()).scheduleTraceSchema,
}

const schemas = () => import('../../shared/stored/schedule-records.ts')
