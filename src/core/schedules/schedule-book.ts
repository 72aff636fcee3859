/** Schedules as they are stored, and what became of each: over the records of the store. */

import { automationLimits } from '../../shared/automation-limits.ts'
import { toAppError } from '../../shared/errors.ts'
import type { Listing } from '../../shared/listing.ts'
import type { ScheduleRequest } from '../../shared/protocol/schedules.ts'
import type { Clock } from '../clock.ts'
import type { RecordStore } from '../store/record-store.ts'
import { namedValue, TypedRecords } from '../store/typed-records.ts'
import {
  type StoredSchedule,
  type StoredTrace,
  scheduleType,
  traceType,
} from './schedule-records.ts'

export interface NamedSchedule extends StoredSchedule {
  readonly name: string
  readonly version: number
}

export interface ScheduleTrace extends StoredTrace {
  /** Of the record: 0 when there is none. */
  readonly version: number
}

export class ScheduleBook {
  readonly #clock: Clock
  readonly #schedules: TypedRecords<StoredSchedule>
  readonly #traces: TypedRecords<StoredTrace>

  constructor({ records, clock }: { readonly records: RecordStore; readonly clock: Clock }) {
    this.#clock = clock
    this.#schedules = new TypedRecords(records, scheduleType)
    this.#traces = new TypedRecords(records, traceType)
  }

  async list(): Promise<Listing<NamedSchedule>> {
    const { items, unreadable } = await this.#schedules.list()
    return { items: items.map(namedValue), unreadable }
  }

  /** Rejects with `store-failed` for one that cannot be read. */
  async get(name: string): Promise<NamedSchedule | undefined> {
    const stored = await this.#schedules.get(name)
    return stored && namedValue(stored)
  }

  /** Rejects with `conflict` when it has another version, or when there are too many. */
  async put(name: string, request: ScheduleRequest, version?: number): Promise<NamedSchedule> {
    const before = await this.get(name)
    const isSame = before !== undefined && timesOf(before) === timesOf(request)
    const since = isSame ? before.since : this.#clock.now()
    return namedValue(await this.#schedules.put(name, { ...request, since }, version))
  }

  async remove(name: string): Promise<boolean> {
    const wasThere = await this.#schedules.remove(name)
    await this.#traces.remove(name)
    return wasThere
  }

  async trace(name: string): Promise<ScheduleTrace> {
    const { version, value = noTrace } = await this.#traces.state(name)
    return { ...value, version }
  }

  /** Those that can be read, by the name of the schedule. */
  async traces(): Promise<ReadonlyMap<string, ScheduleTrace>> {
    const { items } = await this.#traces.list()
    return new Map(items.map(({ name, version, value }) => [name, { ...value, version }]))
  }

  /** Undefined when another node was faster: it is what counts then. */
  async save(name: string, trace: ScheduleTrace): Promise<ScheduleTrace | undefined> {
    const { version, ...rest } = trace
    const history = trace.history.slice(0, automationLimits.scheduleEventsKept)
    try {
      const stored = await this.#traces.put(name, { ...rest, history }, version)
      return { ...stored.value, version: stored.version }
    } catch (thrown) {
      if (toAppError(thrown).code === 'conflict') return undefined
      throw thrown
    }
  }
}

const noTrace: StoredTrace = { settled: 0, open: null, lastRun: null, history: [] }

function timesOf({ enabled, cron, timeZone }: ScheduleRequest): string {
  return JSON.stringify([enabled, cron, timeZone])
}
