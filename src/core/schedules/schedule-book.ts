/** Schedules as they are stored, and what became of each: over the records of the store. */

import { automationLimits } from '../../shared/automation-limits.ts'
import { AppError } from '../../shared/errors.ts'
import {
  type ScheduleEvent,
  type ScheduleRequest,
  scheduleRequestSchema,
} from '../../shared/protocol/schedules.ts'
import type { Clock } from '../clock.ts'
import type { RecordStore, StoredRecord } from '../store/record-store.ts'

export interface StoredSchedule extends ScheduleRequest {
  readonly name: string
  readonly version: number
  /** Times before are not its business: it was made, changed or switched on then. */
  readonly since: number
}

/** What became of a schedule, the same for all nodes. */
export interface ScheduleTrace {
  /** Of the record: 0 when there is none. */
  readonly version: number
  /** Times up to this one are settled, but for the open one. */
  readonly settled: number
  /** A time that a node has taken on itself and not started for yet. */
  readonly open: { readonly due: number; readonly owner: string } | null
  /** The run that it started last. */
  readonly lastRun: string | null
  readonly history: readonly ScheduleEvent[]
}

const noTrace: ScheduleTrace = { version: 0, settled: 0, open: null, lastRun: null, history: [] }

export class ScheduleBook {
  readonly #records: RecordStore
  readonly #clock: Clock

  constructor({ records, clock }: { readonly records: RecordStore; readonly clock: Clock }) {
    this.#records = records
    this.#clock = clock
  }

  async list(): Promise<readonly StoredSchedule[]> {
    return (await this.#records.list('schedule')).map(scheduleOf)
  }

  async get(name: string): Promise<StoredSchedule | undefined> {
    const stored = await this.#records.get('schedule', name)
    return stored && scheduleOf(stored)
  }

  /** Rejects with `conflict` when it has another version, or when there are too many. */
  async put(name: string, request: ScheduleRequest, version?: number): Promise<StoredSchedule> {
    const before = await this.get(name)
    if (before === undefined && (await this.list()).length >= automationLimits.schedulesMax) {
      throw new AppError(
        'conflict',
        `There are ${automationLimits.schedulesMax} schedules already.`,
        {
          hint: 'Remove one that is not needed any more.',
        },
      )
    }
    const isSame = before !== undefined && timesOf(before) === timesOf(request)
    const since = isSame ? before.since : this.#clock.now()
    const body = JSON.stringify({ ...request, since })
    return scheduleOf(await this.#records.put({ kind: 'schedule', name, body, version }))
  }

  async remove(name: string): Promise<boolean> {
    const wasThere = await this.#records.remove('schedule', name)
    await this.#records.remove('schedule-trace', name)
    return wasThere
  }

  async trace(name: string): Promise<ScheduleTrace> {
    const stored = await this.#records.get('schedule-trace', name)
    return stored === undefined ? noTrace : traceOf(stored)
  }

  async traces(): Promise<ReadonlyMap<string, ScheduleTrace>> {
    const stored = await this.#records.list('schedule-trace')
    return new Map(stored.map((each) => [each.name, traceOf(each)]))
  }

  /** Undefined when another node was faster: it is what counts then. */
  async save(name: string, trace: ScheduleTrace): Promise<ScheduleTrace | undefined> {
    const { version, ...rest } = trace
    const body = JSON.stringify({
      ...rest,
      history: trace.history.slice(0, automationLimits.scheduleEventsKept),
    })
    try {
      return traceOf(await this.#records.put({ kind: 'schedule-trace', name, body, version }))
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'conflict') return undefined
      throw thrown
    }
  }
}

function timesOf({ enabled, cron, timeZone }: ScheduleRequest): string {
  return JSON.stringify([enabled, cron, timeZone])
}

// Bodies are what this file has written, and nobody else.
function scheduleOf({ name, version, body }: StoredRecord): StoredSchedule {
  const { since, ...rest } = JSON.parse(body) as Omit<StoredSchedule, 'name' | 'version'>
  return { ...scheduleRequestSchema.parse(rest), name, version, since }
}

function traceOf({ body, version }: StoredRecord): ScheduleTrace {
  return { ...(JSON.parse(body) as Omit<ScheduleTrace, 'version'>), version }
}
