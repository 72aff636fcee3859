/** What people can do with schedules: the one interface that HTTP and the embedded command line use. */

import { automationLimits } from '../../shared/automation-limits.ts'
import { AppError } from '../../shared/errors.ts'
import type { Listing } from '../../shared/listing.ts'
import type { Schedule, SchedulePreview, ScheduleRequest } from '../../shared/protocol/schedules.ts'
import { toStartRequest } from '../../shared/protocol/start-run.ts'
import { parseTarget } from '../../shared/target.ts'
import { isoTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import { type ConfirmParts, checkConfirmed } from '../saved-commands/check-confirmed.ts'
import type { SavedCommands } from '../saved-commands/saved-commands.ts'
import { startOf } from '../saved-commands/start-of.ts'
import { unknownName } from '../store/unknown-name.ts'
import type { CronTimes } from './cron-times.ts'
import type { NamedSchedule, ScheduleBook } from './schedule-book.ts'

export interface Schedules {
  list(): Promise<Listing<Schedule>>
  /** Rejects with `not-found`. */
  get(name: string): Promise<Schedule>
  /**
   * Stores it. Rejects with `bad-schedule`, `conflict` for another version, as a start of what it
   * starts would be refused (also when it is not confirmed: nobody is asked at its times), and with `bad-parameter` for a secret: nobody is there to type it.
   */
  put(name: string, request: ScheduleRequest, version?: number): Promise<Schedule>
  /** Rejects with `not-found`. */
  remove(name: string): Promise<void>
  /** Its next times. Rejects with `bad-schedule`. */
  preview(request: ScheduleRequest): Promise<SchedulePreview>
}

export interface SchedulesParts {
  readonly book: ScheduleBook
  readonly times: CronTimes
  readonly commands: Pick<SavedCommands, 'prepare' | 'get'>
  readonly hosts: ConfirmParts['hosts']
  readonly clock: Clock
}

export function createSchedules(parts: SchedulesParts): Schedules {
  const { book, times, clock } = parts
  const unknown = async (name: string) =>
    unknownName({ noun: 'schedule', command: 'schedules' }, name, await book.list())
  const next = async ({ cron, timeZone }: ScheduleRequest): Promise<readonly string[]> => {
    const pattern = await times.parse(cron, timeZone)
    return pattern.after(clock.now(), automationLimits.scheduleTimesShown).map(isoTime)
  }
  const shown = async (schedule: NamedSchedule): Promise<Schedule> => {
    const { since: _, ...rest } = schedule
    const { open, history } = await book.trace(schedule.name)
    return {
      ...rest,
      next: schedule.enabled ? await next(schedule) : [],
      waiting: open === null ? null : isoTime(open.due),
      history,
    }
  }
  return {
    list: async () => {
      const { items, unreadable } = await book.list()
      return { items: await Promise.all(items.map(shown)), unreadable }
    },
    get: async (name) => {
      const found = await book.get(name)
      if (found === undefined) throw await unknown(name)
      return shown(found)
    },
    put: async (name, request, version) => {
      if ((await next(request)).length === 0) {
        throw new AppError('bad-schedule', `"${request.cron}" names no time that will come.`)
      }
      await checkStart(request, parts)
      return shown(await book.put(name, request, version))
    },
    remove: async (name) => {
      if (!(await book.remove(name))) throw await unknown(name)
    },
    preview: async (request) => ({ next: await next(request) }),
  }
}

async function checkStart(
  { start, enabled }: ScheduleRequest,
  parts: SchedulesParts,
): Promise<void> {
  const request = toStartRequest(start)
  const { start: prepared } = await startOf(request, parts.commands)
  if (enabled) await checkConfirmed(prepared, parts)
  parseTarget(prepared.request.target)
  const values = Object.entries(prepared.saved?.parameters ?? {})
  const given = 'saved' in request ? (request.saved.parameters ?? {}) : {}
  const secret = values.find(([name, value]) => value === null && Object.hasOwn(given, name))
  if (secret === undefined) return
  throw new AppError(
    'bad-parameter',
    `The parameter "${secret[0]}" is secret, and is not stored.`,
    {
      hint: 'Let the command read it from a file of its host.',
    },
  )
}
