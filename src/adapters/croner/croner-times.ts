/** Cron expressions by the library croner, loaded with the first of them. */
import type { CronPattern, CronTimes } from '../../core/schedules/cron-times.ts'
import { AppError } from '../../shared/errors.ts'

export const cronerTimes: CronTimes = {
  parse: async (expression, timeZone) => {
    const { Cron } = await import('croner')
    try {
      const cron = new Cron(expression, { timezone: timeZone, paused: true })
      // A time zone is looked at only now.
      cron.nextRun()
      return patternOf(cron)
    } catch (cause) {
      throw refused({ expression, timeZone }, cause)
    }
  },
}

interface Times {
  nextRuns(count: number, after: Date): Date[]
  previousRuns(count: number, before: Date): Date[]
}

function patternOf(cron: Times): CronPattern {
  return {
    after: (time, count) => cron.nextRuns(count, new Date(time)).map((each) => each.getTime()),
    last: (from, until) => {
      // Those before a time, so the time itself must be asked for by the second after it.
      const [found] = cron.previousRuns(1, new Date(until + 1_000))
      const candidates = found === undefined ? [] : [found.getTime()]
      const [time] = candidates.filter((each) => each <= until)
      if (time !== undefined) return time > from ? time : null
      const [earlier] = cron.previousRuns(1, new Date(until))
      return earlier !== undefined && earlier.getTime() > from ? earlier.getTime() : null
    },
  }
}

function refused(
  { expression, timeZone }: { readonly expression: string; readonly timeZone: string },
  cause: unknown,
): AppError {
  const isZone = !isTimeZone(timeZone)
  const message = isZone
    ? `"${timeZone}" is no time zone that is known here.`
    : `"${expression}" is no cron expression.`
  const hint = isZone
    ? 'Write its IANA name, as Europe/Berlin.'
    : 'Write minute, hour, day of month, month and day of week, as "30 2 * * 1-5".'
  return new AppError('bad-schedule', message, { hint, cause })
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format()
    return true
  } catch {
    return false
  }
}
